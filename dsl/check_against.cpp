#include "dsl/check_against.h"

#include <fmt/core.h>
#include <optional>
#include <string>
#include <utility>

#include "graph/sending_rules.h"

namespace sojourn::dsl {
namespace {

std::string_view consent_word(graph::ConsentPolicy policy) {
  switch (policy) {
    case graph::ConsentPolicy::kOptIn:
      return "opt_in";
    case graph::ConsentPolicy::kOptOut:
      return "opt_out";
    case graph::ConsentPolicy::kDoubleOptIn:
      return "double_opt_in";
  }
  return "";
}

std::string_view kind_word(bool marketing) {
  return marketing ? "marketing" : "transactional";
}

class Judge {
 public:
  Judge(const CatalogPlaces& places, const graph::Catalog& catalog, const IdsLock& lock)
      : places_(places), catalog_(catalog), lock_(lock) {}

  std::vector<Diagnostic> judge() {
    for (const graph::MessageType& type : catalog_.message_types) message_type(type);
    for (const graph::Campaign& campaign : catalog_.campaigns) this->campaign(campaign);
    for (const graph::StaticList& list : catalog_.lists) this->list(list);
    sort_diagnostics(found_);
    return std::move(found_);
  }

 private:
  static Span place(const NamedPlaces& places, const std::string& name) {
    const auto found = places.find(name);
    return found == places.end() ? Span{} : found->second;
  }
  void add(Diagnostic diagnostic) { found_.push_back(std::move(diagnostic)); }

  // False, and reported, when a declaration has no id, or one that Iterable does not have.
  template <typename Declared, typename Locked>
  bool is_there(std::string_view what, const Declared& declared, const Locked* locked, Span span) {
    if (!declared.id) {
      add(diagnose(messages::kNoId, span, what, declared.name)
              .help("write it behind the name, as in `= 1001`, or give it in sojourn.toml"));
      return false;
    }
    if (locked != nullptr) return true;
    add(diagnose(messages::kNotInLock, span, what, *declared.id)
            .help(fmt::format("correct the id, or make the {} in Iterable and run `sojourn pull`",
                              what)));
    return false;
  }

  void message_type(const graph::MessageType& type) {
    const Span span = place(places_.message_types, type.name);
    const LockedMessageType* locked = type.id ? lock_.find_message_type(*type.id) : nullptr;
    if (!is_there("message type", type, locked, span)) return;
    if (type.channel && *type.channel != locked->channel) {
      add(diagnose(messages::kOtherChannel, span, type.name, locked->channel, *type.channel)
              .help(fmt::format("write `channel {}`, if that is meant", locked->channel)));
    }
    const LockedChannel* channel = lock_.find_channel(locked->channel);
    const std::string declared =
        fmt::format("{} {}", kind_word(type.marketing), consent_word(type.policy));
    // Of a channel that is not there, the kind is not known.
    const std::string there = fmt::format(
        "{} {}", channel == nullptr ? kind_word(type.marketing) : channel->kind, locked->consent);
    if (declared == there) return;
    add(diagnose(messages::kOtherConsent, span, type.name, there, declared)
            .help(fmt::format("declare what is so, `{}`, or change it in Iterable and run "
                              "`sojourn pull`",
                              there)));
  }

  void campaign(const graph::Campaign& campaign) {
    const Span span = place(places_.campaigns, campaign.name);
    const LockedCampaign* locked = campaign.id ? lock_.find_campaign(*campaign.id) : nullptr;
    if (!is_there("campaign", campaign, locked, span)) return;
    if (!can_be_triggered(*locked)) {
      const std::string why = locked->type == "triggered"
                                  ? fmt::format("its state is `{}`", locked->state)
                                  : fmt::format("it is a {} campaign", locked->type);
      add(diagnose(messages::kNotTriggerable, span, campaign.name, why)
              .help("a campaign that is sent to one person is a triggered one that is running"));
    }
    const std::string_view medium = graph::to_string(campaign.medium);
    if (locked->medium != medium) {
      add(diagnose(messages::kOtherMedium, span, campaign.name, locked->medium, medium)
              .help("declare the medium that it has, or correct the id"));
    }
    const graph::MessageType* type = catalog_.find_message_type(campaign.message_type);
    if (type == nullptr || !type->id || !locked->message_type) return;
    if (*type->id == *locked->message_type) return;
    add(diagnose(messages::kOtherMessageType, span, campaign.name,
                 named_type(*locked->message_type), type->name)
            .help("consent is asked for the type that is declared, and Iterable goes by its own: "
                  "mend the template in Iterable, or the declaration"));
  }

  // As the text calls it, else as Iterable does.
  std::string named_type(std::int64_t id) const {
    for (const graph::MessageType& type : catalog_.message_types) {
      if (type.id == id) return type.name;
    }
    const LockedMessageType* locked = lock_.find_message_type(id);
    return locked == nullptr ? std::to_string(id) : locked->name;
  }

  void list(const graph::StaticList& list) {
    const Span span = place(places_.lists, list.name);
    const LockedList* locked = list.id ? lock_.find_list(*list.id) : nullptr;
    if (!is_there("list", list, locked, span)) return;
    if (locked->type != "dynamic") return;
    add(diagnose(messages::kDynamicList, span, list.name)
            .help("ask the same by a `segment`, or use a static list"));
  }

  const CatalogPlaces& places_;
  const graph::Catalog& catalog_;
  const IdsLock& lock_;
  std::vector<Diagnostic> found_;
};

}  // namespace

std::vector<Diagnostic> check_against(const Program& program, const graph::Catalog& catalog,
                                      const IdsLock& lock) {
  return Judge(program.places, catalog, lock).judge();
}

}  // namespace sojourn::dsl
