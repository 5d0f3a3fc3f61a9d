#include "tests/e2e/service.h"

#include <chrono>
#include <future>
#include <utility>

#include "base/check.h"

namespace sojourn::e2e {
namespace {

constexpr std::chrono::seconds kLongest{60};

}  // namespace

Service::Service() : response_(uv::HttpResponse{200, "{}", "application/json", {}}) {
  server_ = std::make_unique<uv::HttpServer>(
      loop_, uv::HttpServerOptions{},
      uv::HttpHandlers{[this](uv::HttpRequest&& request, uv::Responder responder) {
                         take(std::move(request), std::move(responder));
                       },
                       {}});
  const auto port = server_->listen_tcp("127.0.0.1", 0);
  SOJOURN_CHECK(port.has_value(), "loopback has a free port");
  port_ = *port;
  thread_ = std::thread([this] { loop_.run(); });
}

Service::~Service() {
  on_loop([this] {
    held_.clear();
    server_.reset();
  });
  loop_.stop();
  thread_.join();
}

template <typename Task>
void Service::on_loop(Task task) {
  std::promise<void> done;
  loop_.post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

void Service::take(uv::HttpRequest&& request, uv::Responder responder) {
  Seen seen;
  seen.method = request.method();
  seen.path = request.path();
  seen.body = request.body();
  seen.key = request.header("Idempotency-Key").value_or("");
  seen.authorization = request.header("Authorization").value_or("");
  if (response_) {
    responder.answer(*response_);
  } else {
    held_.push_back(std::move(responder));
  }
  const std::lock_guard lock(mutex_);
  seen_.push_back(std::move(seen));
  came_.notify_all();
}

void Service::answer(uv::HttpResponse response) {
  on_loop([&] { response_ = std::move(response); });
}

void Service::hold() {
  on_loop([&] { response_.reset(); });
}

void Service::release(const uv::HttpResponse& response) {
  on_loop([&] {
    response_ = response;
    for (uv::Responder& responder : held_) responder.answer(response);
    held_.clear();
  });
}

std::vector<Service::Seen> Service::seen() {
  const std::lock_guard lock(mutex_);
  return seen_;
}

bool Service::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  return came_.wait_for(lock, kLongest, [&] { return seen_.size() >= count; });
}

}  // namespace sojourn::e2e
