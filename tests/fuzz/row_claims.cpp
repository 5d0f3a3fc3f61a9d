#include <algorithm>
#include <array>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "engine/enrollment_fit.h"
#include "graph/encode.h"
#include "graph/verify.h"
#include "runtime/census.h"
#include "runtime/dead_letter.h"
#include "runtime/delivery_record.h"
#include "runtime/event_codec.h"
#include "runtime/fan_out_record.h"
#include "runtime/last_lived.h"
#include "runtime/leaving_names.h"
#include "runtime/log_record.h"
#include "runtime/operation_record.h"
#include "runtime/pace_book.h"
#include "runtime/past_enrollment.h"
#include "runtime/sent_codec.h"
#include "runtime/split_record.h"
#include "runtime/user_head.h"
#include "runtime/watch_record.h"
#include "tests/fuzz/claims.h"
#include "tests/fuzz/world.h"

namespace sojourn::fuzz {
namespace {

// What the bytes say, written and read again, is what they say; what they do not say is an error.
template <typename Decode, typename Encode>
void hold(std::string_view bytes, Decode decode, Encode encode) {
  const auto first = decode(bytes);
  if (!first) {
    SOJOURN_CHECK(!first.error().message.empty(), "what cannot be read is said");
    return;
  }
  const std::string written = encode(*first);
  const auto second = decode(std::string_view(written));
  SOJOURN_CHECK(second.has_value(), "what was read can be written and read again");
  SOJOURN_CHECK(encode(*second) == written, "it is the same then");
}

// Of a codec that is a pair of functions on one type.
template <typename Record>
void hold_pair(std::string_view bytes, base::Result<Record> (*decode)(std::string_view)) {
  hold(bytes, decode, [](const Record& record) { return runtime::encode(record); });
}

void hold_event(std::string_view bytes) {
  hold(
      bytes, [](std::string_view in) { return runtime::decode_event(in, 7); },
      [](const engine::EventFact& event) { return runtime::encode(event); });
}

void hold_watches(std::string_view bytes) {
  const engine::WatchPlan& plan = world_program().watch_plan();
  hold(
      bytes, [&](std::string_view in) { return runtime::decode_watches(in, plan); },
      [&](const runtime::StoredWatches& stored) { return runtime::encode(stored.watches, plan); });
}

void hold_places(std::string_view bytes) {
  hold(bytes, runtime::decode_places,
       [](const auto& places) { return runtime::encode_places(places.first, places.second); });
}

void hold_enrollment(std::string_view bytes) {
  const auto version = engine::stored_version(bytes);
  for (const runtime::Journey& journey : world_program().journeys()) {
    // Of whatever journey: a store whose bytes have changed may say any version.
    hold(
        bytes,
        [&](std::string_view in) {
          return engine::read_enrollment(in, 5, 6, journey.graph, journey.numbers);
        },
        [&](const engine::Enrollment& e) { return engine::encode(e, journey.numbers); });
  }
  SOJOURN_CHECK(version || !version.error().message.empty(), "what cannot be read is said");
}

void hold_graph(std::string_view bytes) {
  const auto graph = graph::decode(bytes);
  if (!graph) return;
  SOJOURN_CHECK(graph::verify(*graph).has_value(), "a graph that is read is sound");
  SOJOURN_CHECK(graph::encode(*graph) == bytes, "a graph is taken only as it is written");
}

void hold_value(std::string_view bytes) {
  base::ByteReader in(bytes);
  const graph::Value value = graph::decode_value(in);
  if (!in.ok()) return;
  base::ByteWriter out;
  graph::encode_value(value, out);
  base::ByteReader again(out.bytes());
  graph::decode_value(again);
  SOJOURN_CHECK(again.ok() && again.at_end(), "a value survives being stored");
  std::string json;
  graph::append_json(json, value);
}

void hold_log(std::string_view bytes) {
  hold_pair(bytes, runtime::decode_log);
  const auto time_of_any = runtime::time_of_log(bytes);
  const auto records = runtime::decode_log(bytes);
  SOJOURN_CHECK(!records || time_of_any, "what can be read has a time");
  if (!records || records->empty()) return;
  // Of a row as it is written, which damaged bytes need not be.
  const auto time = runtime::time_of_log(runtime::encode(*records));
  SOJOURN_CHECK(time && *time == records->front().at,
                "the time of a log is that of its first record");
}

struct Codec {
  char letter;
  void (*hold)(std::string_view);
};
constexpr auto kCodecs = std::to_array<Codec>({
    {'h', [](std::string_view b) { hold_pair(b, runtime::decode_user_head); }},
    {'d', [](std::string_view b) { hold_pair(b, runtime::decode_delivery); }},
    {'l', hold_log},
    {'e', hold_event},
    {'p', [](std::string_view b) { hold_pair(b, runtime::decode_past); }},
    {'s', [](std::string_view b) { hold_pair(b, runtime::decode_sent); }},
    {'w', hold_watches},
    {'f', [](std::string_view b) { hold_pair(b, runtime::decode_fanned_event); }},
    {'u', [](std::string_view b) { hold(b, runtime::decode_users, runtime::encode_users); }},
    {'D', [](std::string_view b) { hold_pair(b, runtime::decode_dead_letter); }},
    {'o', [](std::string_view b) { hold_pair(b, runtime::decode_operations); }},
    {'H', [](std::string_view b) { hold_pair(b, runtime::decode_held); }},
    {'a', [](std::string_view b) { hold_pair(b, runtime::decode_audit); }},
    {'S', [](std::string_view b) { hold_pair(b, runtime::decode_split); }},
    {'U', [](std::string_view b) { hold_pair(b, runtime::decode_split_units); }},
    {'q', hold_places},
    {'c', [](std::string_view b) { hold_pair(b, runtime::decode_census); }},
    {'t',
     [](std::string_view b) { hold(b, runtime::decode_last_lived, runtime::encode_last_lived); }},
    {'n', [](std::string_view b) { hold(b, runtime::decode_names, runtime::encode_names); }},
    {'E', hold_enrollment},
    {'g', hold_graph},
    {'v', hold_value},
});

}  // namespace

void hold_row_claims(std::string_view input) {
  if (input.empty()) return;
  const auto* codec = std::ranges::find(kCodecs, input.front(), &Codec::letter);
  if (codec != kCodecs.end()) codec->hold(input.substr(1));
}

}  // namespace sojourn::fuzz
