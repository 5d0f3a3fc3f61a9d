#include "sandbox/server.h"

#include <algorithm>
#include <fmt/core.h>
#include <list>
#include <utility>

#include "base/clock.h"
#include "runtime/uv/http_server.h"
#include "runtime/uv/loop.h"
#include "runtime/uv/timer.h"
#include "sandbox/answers.h"
#include "sandbox/control.h"
#include "sandbox/guarded.h"

namespace sojourn::sandbox {
namespace {

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string_view api_key(const uv::HttpRequest& request) {
  if (const auto key = request.header("Api-Key")) return *key;
  return request.header("Api_Key").value_or("");
}

uv::HttpResponse response_of(const Reply& reply) {
  uv::HttpResponse response;
  response.status = reply.status;
  response.body = reply.body;
  response.content_type = reply.content_type;
  if (!reply.retry_after.empty()) response.headers.push_back({"Retry-After", reply.retry_after});
  return response;
}

}  // namespace

// How often scheduled messages are looked at while somebody is told of them.
constexpr base::Millis kTick = base::seconds(1);

class Sandbox::Impl {
 public:
  Impl(uv::Loop& loop, base::Clock& clock, std::unique_ptr<Inbox> inbox,
       std::unique_ptr<IterableService> service, SandboxOptions options)
      : loop_(loop),
        clock_(clock),
        inbox_(std::move(inbox)),
        service_(std::move(service)),
        misbehaviour_(options.seed, std::move(options.misbehaviour)),
        server_(loop, server_options(options), handlers()),
        sender_(options.webhooks.url.empty() ? nullptr : make_sender(options.webhooks)),
        ticker_(loop,
                [this] {
                  advance();
                  ticker_.start(kTick);
                }),
        // Made after the server, so it runs before the server writes: what is
        // answered here still leaves in the same turn.
        before_poll_(loop, [this] { settle(); }) {
    if (sender_) ticker_.start(kTick);
  }

  base::Status listen(const std::string& host, int port) {
    const auto bound = server_.listen_tcp(host, port);
    if (!bound) return tl::unexpected(bound.error());
    port_ = *bound;
    return {};
  }

  int port() const { return port_; }
  bool idle() const { return held_.empty() && delayed_.empty(); }
  Inbox& inbox() { return *inbox_; }
  WebhookStats webhooks() const { return sender_ ? sender_->stats() : WebhookStats(); }

  void advance() {
    static_cast<void>(service_->advance(clock_.wall()));
    unsettled_ = true;
    settle();
    if (sender_) sender_->advance();
  }

  void close(uv::Callback<void()> done) {
    sender_.reset();
    ticker_.stop();
    server_.close(std::move(done));
  }

 private:
  // A request that was handled; its answer waits for the commit, or longer.
  struct Held {
    uv::Responder responder;
    Reply reply;
    Deed deed;
  };
  struct Delayed {
    Held held;
    std::unique_ptr<uv::Timer> timer;
  };

  static uv::HttpServerOptions server_options(const SandboxOptions& options) {
    uv::HttpServerOptions out;
    out.max_connections = options.max_connections;
    return out;
  }

  std::unique_ptr<WebhookSender> make_sender(const WebhookOptions& options) {
    return std::make_unique<WebhookSender>(
        loop_, clock_, options, service_->email_channels(),
        [this](const SentMessage& message, Happening::Kind kind, base::Instant at) {
          // A store that fails is found out at the next request.
          static_cast<void>(service_->happened(message, kind, at));
          unsettled_ = true;
        },
        [this](const ToldNotice& notice) {
          static_cast<void>(inbox_->keep(RecordKind::kNotice, record_of(notice)));
          unsettled_ = true;
        });
  }

  uv::HttpHandlers handlers() {
    uv::HttpHandlers out;
    out.request = [this](uv::HttpRequest&& request, uv::Responder responder) {
      take(request, std::move(responder));
    };
    out.body_too_large = [](const uv::HttpRequest&) {
      return response_of(envelope(400, "BatchTooLarge", "The request is larger than 4 MB"));
    };
    return out;
  }

  void take(const uv::HttpRequest& incoming, uv::Responder responder) {
    const Request request{incoming.method(), incoming.path(), incoming.query(), api_key(incoming),
                          incoming.body()};
    Held held{std::move(responder), {}, {}};
    if (request.path == "/" && request.method == "GET") {
      held.reply = service_->show(request.query);
    } else if (is_control(request.path)) {
      held.reply =
          guarded([&] { return handle_control(*inbox_, misbehaviour_, sender_.get(), request); });
    } else {
      held.deed = misbehaviour_.next(request.method, request.path);
      held.reply = held.deed.status != 0 ? misbehaved(held.deed.status, request.path,
                                                      held.deed.retry_after, service_->project_id())
                                         : service_->handle(request, clock_.wall());
    }
    held_.push_back(std::move(held));
  }

  // Once per turn: commit what came, then answer it.
  void settle() {
    if (held_.empty() && !unsettled_) return;
    unsettled_ = false;
    const bool kept = inbox_->flush().has_value();
    // Nobody is told of what was not kept.
    std::vector<SentMessage> sent = service_->take_sent();
    if (sender_ && kept) sender_->take(std::move(sent));
    std::vector<Held> ready;
    ready.swap(held_);
    for (Held& held : ready) {
      if (!kept) held.reply = database_error();
      if (held.deed.delay.count > 0) {
        delay(std::move(held));
      } else {
        finish(std::move(held));
      }
    }
  }

  void delay(Held held) {
    const base::Millis wait = held.deed.delay;
    const auto place = delayed_.insert(delayed_.end(), Delayed{std::move(held), nullptr});
    place->timer = std::make_unique<uv::Timer>(loop_, [this, place] {
      // The timer, and this function with it, go at the end of the scope.
      Delayed due = std::move(*place);
      delayed_.erase(place);
      finish(std::move(due.held));
    });
    place->timer->start(wait);
  }

  static void finish(Held held) {
    if (held.deed.reset) {
      held.responder.reset();
    } else {
      held.responder.answer(response_of(held.reply));
    }
  }

  uv::Loop& loop_;
  base::Clock& clock_;
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<IterableService> service_;
  Misbehaviour misbehaviour_;
  int port_ = 0;
  // Both are bounded by the server: its connections times the requests of each.
  std::vector<Held> held_;
  std::list<Delayed> delayed_;
  bool unsettled_ = false;  // something was noted that no request waits for
  uv::HttpServer server_;
  std::unique_ptr<WebhookSender> sender_;  // null: nobody is told
  uv::Timer ticker_;
  uv::BeforePoll before_poll_;
};

Sandbox::Sandbox(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Sandbox::~Sandbox() = default;

base::Result<std::unique_ptr<Sandbox>> Sandbox::start(uv::Loop& loop, base::Clock& clock,
                                                      SandboxOptions options) {
  if (!is_loopback(options.host)) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("the sandbox listens on loopback only, not on `{}`", options.host),
        "leave the host out, or use 127.0.0.1");
  }
  auto inbox = Inbox::open(options.record_file);
  if (!inbox) return tl::unexpected(inbox.error());
  options.service.tell_of_sends = !options.webhooks.url.empty();
  auto service = IterableService::make(**inbox, options.service);
  if (!service) return tl::unexpected(service.error());
  const std::string host = options.host;
  const int port = options.port;
  auto impl = std::make_unique<Impl>(loop, clock, std::move(*inbox), std::move(*service),
                                     std::move(options));
  if (auto listening = impl->listen(host, port); !listening) {
    return tl::unexpected(listening.error());
  }
  return std::unique_ptr<Sandbox>(new Sandbox(std::move(impl)));
}

int Sandbox::port() const {
  return impl_->port();
}

bool Sandbox::idle() const {
  return impl_->idle();
}

base::Result<std::vector<Message>> Sandbox::messages(const MessageQuery& query) {
  return find_messages(impl_->inbox(), query);
}

const Inbox::Tallies& Sandbox::tallies() const {
  return impl_->inbox().tallies();
}

WebhookStats Sandbox::webhooks() const {
  return impl_->webhooks();
}

void Sandbox::advance() {
  impl_->advance();
}

void Sandbox::close(uv::Callback<void()> done) {
  impl_->close(std::move(done));
}

}  // namespace sojourn::sandbox
