// From the bytes of an HTTP body to an IntakeRequest, or the answer that says
// what is wrong with it. Pure apart from the parser's own buffers; one parser
// per thread. Bodies, codes and error shapes are those of Iterable's REST API
// (swagger 1.8), so that a sender changes its base URL and nothing else. Entries of a
// journey are our own; they have the same shapes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "runtime/intake.h"

namespace sojourn::runtime {

class Program;

// An answer in Iterable's envelope.
struct IntakeAnswer {
  int status = 200;
  std::string body;
};

struct IntakeLimits {
  // Items of one bulk request; more are refused as BatchTooLarge.
  std::size_t max_items = 5'000;
};

class IntakeParser {
 public:
  // `program` must outlive the parser.
  IntakeParser(const Program& program, IntakeLimits limits);
  ~IntakeParser();

  // `generated_id` answers an events/track that brought no id.
  tl::expected<IntakeRequest, IntakeAnswer> parse(IntakeRequest::Endpoint endpoint,
                                                  std::string_view body, std::string generated_id);

  // An entry of `journey` by the API: typed by its `enter on api`, whole, and nothing
  // beside. 404 when the journey has none.
  tl::expected<IntakeRequest, IntakeAnswer> parse_entry(std::string_view journey,
                                                        std::string_view body,
                                                        std::string generated_id);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// {"msg":…,"code":…,"params":…}; `params_json` is JSON text, `null` if empty.
IntakeAnswer envelope(int status, std::string_view code, std::string_view msg,
                      std::string_view params_json = {});

}  // namespace sojourn::runtime
