#include "proof/rule_bounds.h"

#include <algorithm>
#include <optional>

#include "graph/catalog.h"

namespace sojourn::proof {
namespace {

using base::Millis;
using Kind = Target::Kind;

constexpr Millis kDay = base::days24(1);
constexpr Millis kWeek = base::days24(7);

Count lower(Count a, Count b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

Count sum(Count a, Count b) {
  return a && b ? Count(*a + *b) : std::nullopt;
}

// In any stretch of that length.
Count most(const graph::SendCap& cap, Millis stretch) {
  Count out;
  for (const graph::CapRate& rate : cap.rates) {
    const std::int64_t stretches = (stretch.count + rate.per.count - 1) / rate.per.count;
    out = lower(out, std::size_t{rate.most} * static_cast<std::size_t>(stretches));
  }
  return out;
}

// One campaign of those that are sent.
struct Member {
  const graph::Campaign* campaign = nullptr;
  graph::MessageKind kind;
  SendBounds* bounds = nullptr;
};

bool means(const Target& target, const Member& member) {
  switch (target.kind) {
    case Kind::kAll:
      return true;
    case Kind::kMarketing:
      return member.kind.marketing;
    case Kind::kMedium:
      return graph::to_string(member.kind.medium) == target.name;
    case Kind::kMessageType:
      return member.kind.message_type == target.name;
    case Kind::kCampaign:
      return member.campaign->name == target.name;
  }
  return false;
}

class Refinement {
 public:
  Refinement(std::vector<SendBounds>& sums, const graph::Catalog& catalog)
      : sums_(sums), catalog_(catalog) {
    for (SendBounds& bounds : sums) {
      if (bounds.target.kind != Kind::kCampaign) continue;
      const graph::Campaign* campaign = catalog.find_campaign(bounds.target.name);
      const graph::MessageType* type =
          campaign == nullptr ? nullptr : catalog.find_message_type(campaign->message_type);
      // Without its declaration nothing is known of it.
      if (type == nullptr) {
        complete_ = false;
        continue;
      }
      members_.push_back({campaign, graph::kind_of(*campaign, *type), &bounds});
    }
  }

  void run() {
    for (const Member& member : members_) {
      if (!member.campaign->once) continue;
      for (Count SendBounds::* bound :
           {&SendBounds::in_all, &SendBounds::per_day, &SendBounds::per_week}) {
        member.bounds->*bound = lower(member.bounds->*bound, 1);
      }
    }
    for (SendBounds& bounds : sums_) {
      if (bounds.target.kind == Kind::kCampaign) cap(bounds);
    }
    if (!complete_) return;
    for (SendBounds& bounds : sums_) {
      if (bounds.target.kind != Kind::kCampaign) cap(bounds);
    }
  }

 private:
  void cap(SendBounds& bounds) const {
    bounds.in_all = lower(bounds.in_all, others(bounds, nullptr, &SendBounds::in_all));
    refine(bounds, &SendBounds::per_day, kDay);
    refine(bounds, &SendBounds::per_week, kWeek);
  }

  void refine(SendBounds& bounds, Count SendBounds::* bound, Millis stretch) const {
    bounds.*bound = lower(bounds.*bound, others(bounds, nullptr, bound));
    for (const graph::SendCap& cap : catalog_.sending.caps) {
      bounds.*bound = lower(bounds.*bound, sum(most(cap, stretch), others(bounds, &cap, bound)));
    }
  }

  // The messages meant that `cap` does not count; all of them without one.
  Count others(const SendBounds& bounds, const graph::SendCap* cap,
               Count SendBounds::* bound) const {
    Count out = 0;
    for (const Member& member : members_) {
      if (!means(bounds.target, member)) continue;
      if (cap != nullptr && covers(cap->scope, member.kind)) continue;
      out = sum(out, member.bounds->*bound);
    }
    return out;
  }

  std::vector<SendBounds>& sums_;
  const graph::Catalog& catalog_;
  std::vector<Member> members_;
  bool complete_ = true;
};

}  // namespace

void refine_by_rules(std::vector<SendBounds>& sums, const graph::Catalog& catalog) {
  Refinement(sums, catalog).run();
}

}  // namespace sojourn::proof
