// A request as a handler sees it, from the text of its head and body.
#pragma once

#include <gtest/gtest.h>
#include <string>

#include "runtime/uv/request_parser.h"

namespace sojourn::app {

// `head`: the request line and the headers, each line with a plain line feed.
inline uv::HttpRequest request_of(const std::string& head, const std::string& body = {}) {
  std::string text;
  for (const char c : head) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n" + body;
  uv::RequestParser parser({32 * 1024, 100, 1024 * 1024});
  std::string_view bytes = text;
  EXPECT_EQ(parser.feed(bytes), uv::RequestParser::Progress::kComplete) << head;
  return std::move(parser.request());
}

}  // namespace sojourn::app
