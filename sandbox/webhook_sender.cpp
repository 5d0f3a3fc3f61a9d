#include "sandbox/webhook_sender.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "connectors/message_key.h"
#include "runtime/uv/loop.h"
#include "sandbox/identity.h"
#include "sandbox/webhook_payload.h"

namespace sojourn::sandbox {
namespace {

constexpr base::Millis kFirstWait = base::seconds(1);
constexpr base::Millis kLongestWait = base::minutes(1);
// The clock may be one that somebody drives: it is looked at again after this while at the latest.
constexpr base::Millis kLook = base::seconds(1);

uv::HttpClientOptions client_options() {
  uv::HttpClientOptions out;
  out.max_connections = WebhookSender::kMaxInFlight;
  out.max_queued = WebhookSender::kMaxInFlight;
  out.total_timeout = base::seconds(10);
  // Iterable calls https only; a receiver on a laptop has no certificate.
  out.allow_http = true;
  return out;
}

std::shared_ptr<const uv::HeaderSet> header_set(std::vector<uv::HttpHeader> headers) {
  headers.push_back({"Content-Type", "application/json"});
  return uv::make_header_set(headers);
}

// Empty for a message that is not ours.
std::string key_of(const SentMessage& message) {
  const auto found = message.data_fields.find(std::string(connectors::kMessageKeyField));
  const bool is_ours = found != message.data_fields.end() && found->is_string();
  return is_ours ? found->get<std::string>() : std::string();
}

}  // namespace

WebhookSender::WebhookSender(uv::Loop& loop, base::Clock& clock, WebhookOptions options,
                             std::vector<std::int64_t> email_channels, Happened happened, Told told)
    : clock_(clock),
      options_(std::move(options)),
      email_channels_(std::move(email_channels)),
      happened_(std::move(happened)),
      told_(std::move(told)),
      headers_(header_set(options_.headers)),
      timer_(loop, [this] { advance(); }),
      client_(loop, client_options()) {}

base::Millis WebhookSender::in_haste(base::Millis length) const {
  return base::Millis{length.count / std::max<std::int64_t>(options_.speed, 1)};
}

void WebhookSender::put(base::Instant due, Waiting waiting) {
  if (waiting_.size() >= kMaxWaiting) {
    ++stats_.dropped;
    return end(waiting, ToldNotice::End::kDropped, clock_.wall());
  }
  waiting_.emplace(due, std::move(waiting));
}

void WebhookSender::take(std::vector<SentMessage> messages) {
  for (SentMessage& one : messages) {
    const auto message = std::make_shared<const SentMessage>(std::move(one));
    for (const Happening& each : happenings_of(options_.people, options_.seed, *message)) {
      const base::Instant at = message->time + in_haste(each.after);
      put(at, {.message = message,
               .kind = each.kind,
               .at = at,
               .repeat = each.repeat,
               .lost = each.lost});
    }
  }
  arm();
}

void WebhookSender::advance() {
  const base::Instant now = clock_.wall();
  while (!waiting_.empty() && waiting_.begin()->first <= now && stats_.in_flight < kMaxInFlight) {
    auto first = waiting_.extract(waiting_.begin());
    send(std::move(first.mapped()));
  }
  arm();
}

void WebhookSender::send(Waiting waiting) {
  if (waiting.body.empty()) {
    waiting.body = webhook_payload(*waiting.message, waiting.kind, waiting.at, email_channels_);
    if (happened_) happened_(*waiting.message, waiting.kind, waiting.at);
  }
  if (waiting.attempts == 0) waiting.begun = clock_.wall();
  if (waiting.lost) {
    ++stats_.lost;
    return end(waiting, ToldNotice::End::kLost, waiting.begun);
  }
  ++waiting.attempts;
  uv::HttpCall call;
  call.url = options_.url;
  call.headers = headers_;
  call.body = waiting.body;
  ++stats_.in_flight;
  auto kept = std::make_shared<Waiting>(std::move(waiting));
  const bool sent = client_.send(std::move(call), [this, kept](const uv::HttpOutcome& outcome) {
    --stats_.in_flight;
    answered(std::move(*kept), outcome);
    advance();
  });
  if (sent) return;
  // There is always room: no more are in flight than fit the queue.
  --stats_.in_flight;
  ++stats_.dropped;
  end(*kept, ToldNotice::End::kDropped, clock_.wall());
}

void WebhookSender::answered(Waiting waiting, const uv::HttpOutcome& outcome) {
  const base::Instant now = clock_.wall();
  if (outcome.has_value() && outcome->status >= 200 && outcome->status < 300) {
    return taken(std::move(waiting), now);
  }
  ++stats_.refused;
  if (!outcome.has_value()) ++waiting.unanswered;
  if (waiting.attempts >= kMaxAttempts) {
    ++stats_.given_up;
    return end(waiting, ToldNotice::End::kGivenUp, now);
  }
  const base::Millis wait{std::min(kLongestWait.count, kFirstWait.count << (waiting.attempts - 1))};
  put(now + wait, std::move(waiting));
}

void WebhookSender::taken(Waiting waiting, base::Instant now) {
  ++stats_.taken;
  end(waiting, ToldNotice::End::kTaken, now);
  if (!std::exchange(waiting.repeat, false)) return;
  waiting.again = true;
  waiting.attempts = waiting.unanswered = 0;
  put(now, std::move(waiting));
}

void WebhookSender::end(const Waiting& waiting, ToldNotice::End end, base::Instant now) {
  if (!told_) return;
  const SentMessage& message = *waiting.message;
  told_({.event = std::string(event_name(message.medium, waiting.kind)),
         .end = end,
         .subject = message.email.empty() ? user_id_subject(message.user_id)
                                          : email_subject(message.email),
         .message_key = key_of(message),
         .message = message.sequence,
         .happened = waiting.at,
         .begun = waiting.begun,
         .ended = now,
         .attempts = waiting.attempts,
         .unanswered = waiting.unanswered,
         .bot = waiting.kind == Happening::Kind::kBotOpen,
         .again = waiting.again});
}

// Who waits for room in flight is looked at when an answer comes.
void WebhookSender::arm() {
  if (waiting_.empty() || stats_.in_flight >= kMaxInFlight) return;
  const base::Millis wait = waiting_.begin()->first - clock_.wall();
  timer_.start(base::Millis{std::clamp<std::int64_t>(wait.count, 0, kLook.count)});
}

WebhookStats WebhookSender::stats() const {
  WebhookStats out = stats_;
  out.waiting = waiting_.size();
  return out;
}

}  // namespace sojourn::sandbox
