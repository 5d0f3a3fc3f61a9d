// A sandbox's service on a file that is gone afterwards, asked in text.
#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "sandbox/inbox.h"
#include "sandbox/iterable_service.h"

namespace sojourn::sandbox {

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() { open(":memory:"); }

  void open(const std::string& path, const ServiceOptions& options = {}) {
    service.reset();
    inbox.reset();
    inbox = std::move(*Inbox::open(path));
    service = std::move(*IterableService::make(*inbox, options));
  }
  void configure(const ServiceOptions& options) {
    service = std::move(*IterableService::make(*inbox, options));
  }

  // "200 {…}": the status and the body.
  std::string ask(std::string_view method, std::string_view path, std::string_view body = {},
                  std::string_view key = "secret") {
    const Reply reply = service->handle({method, path, {}, key, body}, now);
    return std::to_string(reply.status) + " " + reply.body;
  }
  std::string post(std::string_view path, std::string_view body) { return ask("POST", path, body); }

  base::Instant now{1'772'355'600'000};  // 2026-03-01T09:00:00Z
  std::unique_ptr<Inbox> inbox;
  std::unique_ptr<IterableService> service;
};

}  // namespace sojourn::sandbox
