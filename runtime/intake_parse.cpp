#include "runtime/intake_parse.h"

#include <algorithm>
#include <fmt/format.h>
#include <simdjson.h>
#include <utility>

#include "graph/catalog.h"
#include "runtime/intake_consent.h"
#include "runtime/intake_endpoint.h"
#include "runtime/intake_erasure.h"
#include "runtime/intake_events.h"
#include "runtime/intake_forward.h"
#include "runtime/intake_items.h"
#include "runtime/intake_reader.h"
#include "runtime/intake_segment.h"
#include "runtime/program.h"

namespace sojourn::runtime {
namespace {

using Endpoint = IntakeRequest::Endpoint;
using simdjson::dom::element;
using simdjson::dom::object;

}  // namespace

IntakeAnswer envelope(int status, std::string_view code, std::string_view msg,
                      std::string_view params_json) {
  return IntakeAnswer{
      status, fmt::format(R"({{"msg":{},"code":{},"params":{}}})", json_text(msg), json_text(code),
                          params_json.empty() ? "null" : params_json)};
}

class IntakeParser::Impl {
 public:
  Impl(const Program& program, IntakeLimits limits, IntakeMapping mapping, ForwardMode forward)
      : program_(program),
        limits_(limits),
        mapping_(std::move(mapping)),
        reader_(program, mapping_, forward),
        json_(kMaxBodyBytes) {}

  // `entry`: what kJourneyEntry takes.
  tl::expected<IntakeRequest, IntakeAnswer> parse(Endpoint endpoint, std::string_view body,
                                                  std::string generated_id,
                                                  const graph::EventType* entry = nullptr) {
    generated_id_ = generated_id;
    list_.clear();
    entry_ = entry;
    reader_.begin(endpoint, std::move(generated_id));
    element root;
    if (json_.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS) {
      return tl::unexpected(reader_.bad_json("obj", "valid JSON expected").answer);
    }
    const auto problem = parse_root(root);
    if (problem) return tl::unexpected(problem->answer);
    auto& dropped = reader_.request().filtered_out_fields;
    std::sort(dropped.begin(), dropped.end());
    dropped.erase(std::unique(dropped.begin(), dropped.end()), dropped.end());
    return std::move(reader_.request());
  }

  tl::expected<IntakeRequest, IntakeAnswer> parse_entry(std::string_view journey,
                                                        std::string_view body,
                                                        std::string generated_id) {
    const graph::EventType* entry = program_.api_entry(journey);
    if (entry != nullptr) {
      return parse(Endpoint::kJourneyEntry, body, std::move(generated_id), entry);
    }
    return tl::unexpected(envelope(
        404, "UnknownJourney", fmt::format("no journey `{}` can be entered by the API", journey)));
  }

  tl::expected<IntakeRequest, IntakeAnswer> parse_consent(const ConsentCall& call,
                                                          std::string_view body) {
    const auto endpoint = consent_endpoint(call.method, call.path);
    reader_.begin(endpoint.value_or(Endpoint::kSubscription), {});
    object fields;
    const bool is_of_many = endpoint == Endpoint::kSubscriptionOfMany;
    if (is_of_many && json_.parse(body.data(), body.size()).get(fields) != simdjson::SUCCESS) {
      return tl::unexpected(reader_.bad_json("obj", "Object value expected").answer);
    }
    const auto problem =
        read_consent(reader_, call, is_of_many ? &fields : nullptr, limits_.max_items);
    if (problem) return tl::unexpected(problem->answer);
    return std::move(reader_.request());
  }

 private:
  static constexpr std::size_t kMaxBodyBytes = std::size_t{64} << 20;

  std::optional<Problem> parse_root(const element& root) {
    if (reader_.endpoint() == Endpoint::kEvents) return parse_events(root);
    object fields;
    if (root.get(fields) != simdjson::SUCCESS) {
      return reader_.bad_json("obj", "Object value expected");
    }
    switch (reader_.endpoint()) {
      case Endpoint::kUsersBulkUpdate:
        return parse_bulk(fields, "users");
      case Endpoint::kEventsTrackBulk:
        return parse_bulk(fields, "events");
      case Endpoint::kListsSubscribe:
      case Endpoint::kListsUnsubscribe:
        if (auto unknown = find_list(fields)) return unknown;
        if (auto wrong = refuse_channel(fields)) return wrong;
        return parse_bulk(fields, "subscribers");
      case Endpoint::kSubscriptionsBulkUpdate:
        return parse_bulk(fields, "updateSubscriptionsRequests");
      case Endpoint::kSegmentBatch:
        return parse_batch(fields);
      case Endpoint::kSegmentTrack:
        take(0, read_segment(reader_, fields, "track"));
        return std::nullopt;
      case Endpoint::kSegmentIdentify:
        take(0, read_segment(reader_, fields, "identify"));
        return std::nullopt;
      case Endpoint::kSegmentAlias:
        take(0, read_segment(reader_, fields, "alias"));
        return std::nullopt;
      case Endpoint::kSegmentOther:
        return std::nullopt;
      default:
        return parse_single(fields);
    }
  }

  std::optional<Problem> find_list(const object& fields) {
    std::int64_t id = 0;
    if (fields["listId"].get(id) != simdjson::SUCCESS) {
      return reader_.bad_json("obj.listId", "Integer value expected");
    }
    const auto& lists = program_.catalog().lists;
    const auto found = std::find_if(lists.begin(), lists.end(),
                                    [&](const graph::StaticList& list) { return list.id == id; });
    if (found != lists.end()) {
      list_ = found->name;
      return std::nullopt;
    }
    // Of a list that is Iterable's alone, what is said of profiles counts.
    if (reader_.forward() != ForwardMode::kOff) return std::nullopt;
    return problem_of(400, "BadParams", fmt::format("error.lists.invalidListId({})", id));
  }

  // Only Iterable knows which channel a list is of; it tells of the opt-out by its webhooks.
  std::optional<Problem> refuse_channel(const object& fields) const {
    bool of_channel = false;
    const bool says = fields["channelUnsubscribe"].get(of_channel) == simdjson::SUCCESS;
    if (!says || !of_channel || reader_.forward() != ForwardMode::kOff) return std::nullopt;
    return problem_of(400, "BadParams",
                      "no channel is known of a list: name the channel in "
                      "`unsubscribedChannelIds` of users/updateSubscriptions",
                      R"({"obj.channelUnsubscribe":"false expected"})");
  }

  Parsed<IntakeItem> read_single(const object& fields) {
    switch (reader_.endpoint()) {
      case Endpoint::kJourneyEntry:
        return read_entry(reader_, fields, *entry_);
      case Endpoint::kTriggerWorkflow:
        return read_workflow(reader_, fields);
      case Endpoint::kUsersUpdateEmail:
        return read_rename(reader_, fields);
      case Endpoint::kUsersMerge:
        return read_merge(reader_, fields);
      case Endpoint::kUsersForget:
      case Endpoint::kUsersUnforget:
        return read_erasure(reader_, fields);
      case Endpoint::kTrackPurchase:
        return read_purchase(reader_, fields);
      case Endpoint::kUpdateCart:
        return read_cart(reader_, fields);
      default:
        return read_item(reader_, fields, "obj", list_);
    }
  }

  std::optional<Problem> parse_single(const object& fields) {
    auto item = read_single(fields);
    if (!item) return item.error();
    if (goes_on()) {
      IntakeForward forward = forward_of(reader_.endpoint(), fields, fields, generated_id_);
      reader_.request().forwards.push_back(std::move(forward));
    }
    reader_.request().items.push_back(std::move(*item));
    return std::nullopt;
  }

  bool goes_on() const {
    return reader_.forward() == ForwardMode::kQueue && is_iterables(reader_.endpoint()) &&
           reader_.endpoint() != Endpoint::kTriggerWorkflow;
  }

  std::optional<Problem> parse_bulk(const object& fields, const char* name) {
    simdjson::dom::array items;
    if (fields[name].get(items) != simdjson::SUCCESS) {
      return reader_.bad_json(fmt::format("obj.{}", name), "Array value expected");
    }
    if (items.size() > limits_.max_items) return too_large(items.size(), name, limits_.max_items);
    std::size_t index = 0;
    for (const element& value : items) {
      const std::string where = fmt::format("obj.{}[{}]", name, index);
      object item_fields;
      if (value.get(item_fields) != simdjson::SUCCESS) {
        return reader_.bad_json(where, "Object value expected");
      }
      auto item = read_item(reader_, item_fields, where, list_);
      if (item) {
        if (goes_on()) {
          reader_.request().forwards.push_back(forward_of(
              reader_.endpoint(), fields, item_fields, fmt::format("{}-{}", generated_id_, index)));
        }
        reader_.request().items.push_back(std::move(*item));
      } else if (item.error().list.empty()) {
        return item.error();
      } else {
        reader_.request().failures.push_back({item.error().list, item.error().identity});
      }
      ++index;
    }
    return std::nullopt;
  }

  std::optional<Problem> parse_batch(const object& fields) {
    simdjson::dom::array items;
    if (fields["batch"].get(items) != simdjson::SUCCESS) {
      return reader_.bad_json("obj.batch", "Array value expected");
    }
    return parse_each(items, "batch",
                      [&](const object& item) { return read_segment(reader_, item, {}); });
  }

  std::optional<Problem> parse_events(const element& root) {
    auto items = items_of(reader_, root);
    if (!items) return items.error();
    const auto read = [&](const object& item) { return read_shaped_event(reader_, item); };
    simdjson::dom::array list;
    if (items->get(list) == simdjson::SUCCESS) return parse_each(list, "events", read);
    object one;
    if (items->get(one) != simdjson::SUCCESS) {
      return reader_.bad_json("obj", "Object or array value expected");
    }
    take(0, read(one));
    return std::nullopt;
  }

  // Each is taken or refused for itself.
  template <typename Read>
  std::optional<Problem> parse_each(const simdjson::dom::array& items, const char* name,
                                    Read read) {
    if (items.size() > limits_.max_items) return too_large(items.size(), name, limits_.max_items);
    std::size_t index = 0;
    for (const element& value : items) {
      object fields;
      if (value.get(fields) == simdjson::SUCCESS) {
        take(index, read(fields));
      } else {
        reader_.request().refusals.push_back({index, "Object value expected"});
      }
      ++index;
    }
    return std::nullopt;
  }

  void take(std::size_t index, Parsed<std::optional<IntakeItem>> read) {
    if (!read) {
      reader_.request().refusals.push_back({index, std::move(read.error().message)});
    } else if (std::optional<IntakeItem> item = std::move(*read)) {
      reader_.request().items.push_back(std::move(*item));
    }
  }

  const Program& program_;
  const IntakeLimits limits_;
  const IntakeMapping mapping_;
  IntakeReader reader_;
  simdjson::dom::parser json_;
  std::string generated_id_;
  std::string list_;                         // that the subscribers join or leave
  const graph::EventType* entry_ = nullptr;  // of kJourneyEntry
};

IntakeParser::IntakeParser(const Program& program, IntakeLimits limits, IntakeMapping mapping,
                           ForwardMode forward)
    : impl_(std::make_unique<Impl>(program, limits, std::move(mapping), forward)) {}
IntakeParser::~IntakeParser() = default;

tl::expected<IntakeRequest, IntakeAnswer> IntakeParser::parse(Endpoint endpoint,
                                                              std::string_view body,
                                                              std::string generated_id) {
  return impl_->parse(endpoint, body, std::move(generated_id));
}

tl::expected<IntakeRequest, IntakeAnswer> IntakeParser::parse_entry(std::string_view journey,
                                                                    std::string_view body,
                                                                    std::string generated_id) {
  return impl_->parse_entry(journey, body, std::move(generated_id));
}

tl::expected<IntakeRequest, IntakeAnswer> IntakeParser::parse_consent(const ConsentCall& call,
                                                                      std::string_view body) {
  return impl_->parse_consent(call, body);
}

}  // namespace sojourn::runtime
