#include "sandbox/happenings.h"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <optional>

#include "base/hash.h"
#include "base/random.h"
#include "sandbox/sent_message.h"

namespace sojourn::sandbox {
namespace {

using Kind = Happening::Kind;

constexpr std::uint32_t kMillion = 1'000'000;

struct Share {
  std::string_view word;
  std::uint32_t PeopleModel::* member;
};
constexpr auto kShares = std::to_array<Share>({{"bounce", &PeopleModel::bounce},
                                               {"open", &PeopleModel::open},
                                               {"click", &PeopleModel::click},
                                               {"complaint", &PeopleModel::complaint},
                                               {"unsubscribe", &PeopleModel::unsubscribe},
                                               {"repeat", &PeopleModel::repeat},
                                               {"bot", &PeopleModel::bot},
                                               {"lost", &PeopleModel::lost}});

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// "12.5" as 125,000; at most four digits behind the point.
std::optional<std::uint32_t> millionths(std::string_view percent) {
  std::uint32_t value = 0;
  std::size_t behind = 0;
  bool point = false;
  bool digit = false;
  for (const char c : percent) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9' || behind == 4 || value > kMillion) return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
    digit = true;
    if (point) ++behind;
  }
  for (; behind < 4; ++behind) value = value > kMillion ? value : value * 10;
  if (!digit || value > kMillion) return std::nullopt;
  return value;
}

tl::unexpected<base::Error> refused(std::string_view part) {
  return base::failure(base::Error::Kind::kInvalid,
                       fmt::format("`{}` is not a share of what people do", part),
                       "write for example `open 30%, click 10%, bounce 1%, complaint 0.1%, "
                       "unsubscribe 0.5%, repeat 2%, bot 5%`");
}

// Names of events, by medium and kind.
struct MediumEvents {
  std::string_view medium;
  std::array<std::string_view, 9> names;
};
constexpr auto kEvents = std::to_array<MediumEvents>({
    {"email",
     {"emailSend", "emailSendSkip", "emailBounce", "emailOpen", "emailClick", "emailComplaint",
      "emailUnSubscribe", "emailUnSubscribe", "emailOpen"}},
    {"push", {"pushSend", "pushSendSkip", "pushBounce", "pushOpen", "", "", "", ""}},
    {"sms", {"smsSend", "smsSendSkip", "smsBounce", "", "smsClick", "", "", ""}},
    {"in_app", {"inAppSend", "inAppSendSkip", "", "inAppOpen", "inAppClick", "", "", ""}},
    {"web_push", {"webPushSend", "webPushSendSkip", "", "", "webPushClick", "", "", ""}},
    {"whatsapp",
     {"whatsAppSend", "whatsAppSendSkip", "whatsAppBounce", "whatsAppSeen", "whatsAppClick", "", "",
      ""}},
});

// Collects what happens, as far as the medium knows it.
class Fate {
 public:
  Fate(const PeopleModel& model, std::uint64_t seed, const SentMessage& message)
      : model_(model),
        medium_(message.medium),
        random_(base::stable_hash64(message_id(message.sequence), seed)) {}

  bool chance(std::uint32_t millionth) { return base::random_below(random_, kMillion) < millionth; }
  // A part of a share that was drawn already.
  bool chance_among(std::uint32_t part, std::uint32_t whole) {
    return whole > 0 && base::random_below(random_, whole) < part;
  }
  base::Millis between(base::Millis least, base::Millis most) {
    const auto width = static_cast<std::uint64_t>(most.count - least.count);
    return base::Millis{least.count +
                        static_cast<std::int64_t>(base::random_below(random_, width))};
  }
  void add(Kind kind, base::Millis after) {
    const bool repeat = chance(model_.repeat);
    // Where nothing is lost, nothing is drawn for it: a seed plays what it has always played.
    const bool lost = model_.lost > 0 && chance(model_.lost);
    if (!event_name(medium_, kind).empty()) out_.push_back({kind, after, repeat, lost});
  }
  std::vector<Happening> take() {
    std::ranges::sort(out_, {}, &Happening::after);
    return std::move(out_);
  }

 private:
  const PeopleModel& model_;
  std::string_view medium_;
  base::SeededRandom random_;
  std::vector<Happening> out_;
};

base::Millis later(base::Millis a, base::Millis b) {
  return base::Millis{a.count + b.count};
}

}  // namespace

base::Result<PeopleModel> parse_people_model(std::string_view text) {
  PeopleModel model;
  while (!trimmed(text).empty()) {
    const std::string_view part = trimmed(text.substr(0, text.find(',')));
    text.remove_prefix(std::min(
        text.size(), text.find(',') == std::string_view::npos ? text.size() : text.find(',') + 1));
    const std::size_t blank = part.find(' ');
    const auto share = std::ranges::find(kShares, part.substr(0, blank), &Share::word);
    if (blank == std::string_view::npos || share == kShares.end() || !part.ends_with('%')) {
      return refused(part);
    }
    const std::string_view number = trimmed(part.substr(blank, part.size() - blank - 1));
    const auto value = millionths(number);
    if (!value) return refused(part);
    model.*(share->member) = *value;
  }
  if (model.click > model.open || model.complaint > model.open || model.unsubscribe > model.open) {
    return base::failure(base::Error::Kind::kInvalid,
                         "`click`, `complaint` and `unsubscribe` are at most `open`",
                         "who clicks has opened");
  }
  return model;
}

std::vector<Happening> happenings_of(const PeopleModel& model, std::uint64_t seed,
                                     const SentMessage& message) {
  Fate fate(model, seed, message);
  const base::Millis sent = fate.between(base::seconds(1), base::seconds(4));
  if (!message.skip_reason.empty()) {
    fate.add(Kind::kSkip, sent);
    return fate.take();
  }
  fate.add(Kind::kSend, sent);
  if (fate.chance(model.bounce)) {
    const auto bounced = later(sent, fate.between(base::seconds(1), base::minutes(2)));
    fate.add(Kind::kBounce, bounced);
    fate.add(Kind::kBounceUnsubscribe, later(bounced, base::seconds(1)));
    return fate.take();
  }
  // Shares of opens are theirs among those who did not bounce, too: 1 % is no matter.
  const bool opens = fate.chance(model.open);
  const auto opened = later(sent, fate.between(base::seconds(10), base::hours(8)));
  if (opens) fate.add(Kind::kOpen, opened);
  // SMS and web push know clicks without an open.
  if (opens && fate.chance_among(model.click, model.open)) {
    fate.add(Kind::kClick, later(opened, fate.between(base::seconds(2), base::minutes(5))));
  }
  if (opens && fate.chance_among(model.unsubscribe, model.open)) {
    fate.add(Kind::kUnsubscribe, later(opened, fate.between(base::seconds(5), base::minutes(10))));
  }
  if (opens && fate.chance_among(model.complaint, model.open)) {
    fate.add(Kind::kComplaint, later(opened, fate.between(base::seconds(5), base::minutes(10))));
  }
  // As in `add`.
  if (model.bot > 0 && fate.chance(model.bot)) {
    fate.add(Kind::kBotOpen, later(sent, fate.between(base::seconds(1), base::seconds(30))));
  }
  return fate.take();
}

std::string_view event_name(std::string_view medium, Kind kind) {
  const auto found = std::ranges::find(kEvents, medium, &MediumEvents::medium);
  return found == kEvents.end() ? std::string_view()
                                : found->names.at(static_cast<std::size_t>(kind));
}

}  // namespace sojourn::sandbox
