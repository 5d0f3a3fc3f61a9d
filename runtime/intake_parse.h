// From the bytes of an HTTP body to an IntakeRequest, or the answer that says
// what is wrong with it. Pure apart from the parser's own buffers; one parser
// per thread. Bodies, codes and error shapes are those of Iterable's REST API
// (swagger 1.8), so that a sender changes its base URL and nothing else. Entries of a
// journey are our own; they have the same shapes. Segment's calls have Segment's.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "runtime/intake.h"
#include "runtime/intake_mapping.h"

namespace sojourn::runtime {

class Program;

// An answer in Iterable's envelope.
struct IntakeAnswer {
  int status = 200;
  std::string body;
  enum class Why : std::uint8_t {
    kSaid,      // as the answer says
    kNotOurs,   // it triggers a workflow that no journey stands for: Iterable's, if anybody's
    kTooLarge,  // it has more items than we take in one request
  };
  Why why = Why::kSaid;
  // What the answer says beyond its code may quote the sender. The declared field that it is about
  // may be logged; empty: none.
  std::string field = {};
};

// A call that intake_consent.h knows; views of the request.
struct ConsentCall {
  std::string_view method;
  std::string_view path;   // still percent-encoded
  std::string_view query;  // the same
};

// Of the id of an event, as at Iterable.
inline constexpr std::size_t kMaxIdBytes = 512;

struct IntakeLimits {
  // Items of one bulk request; more are refused as BatchTooLarge.
  std::size_t max_items = 5'000;
};

class IntakeParser {
 public:
  // `program` must outlive the parser; `mapping` fits it (check_mapping). With kQueue a request
  // by Iterable's paths says what goes on to Iterable of each of its items; with that and kAsk,
  // what only Iterable knows, such as a list that nobody declares, is no error.
  IntakeParser(const Program& program, IntakeLimits limits, IntakeMapping mapping = {},
               ForwardMode forward = ForwardMode::kOff);
  ~IntakeParser();

  // `generated_id` answers an events/track or a purchase that brought no id. Where the item goes
  // on by kQueue it is its id from here on, so that a repeat of ours changes nothing there.
  tl::expected<IntakeRequest, IntakeAnswer> parse(IntakeRequest::Endpoint endpoint,
                                                  std::string_view body, std::string generated_id);

  // An entry of `journey` by the API: typed by its `enter on api`, whole, and nothing
  // beside. 404 when the journey has none.
  tl::expected<IntakeRequest, IntakeAnswer> parse_entry(std::string_view journey,
                                                        std::string_view body,
                                                        std::string generated_id);

  // A call for which consent_endpoint finds one.
  tl::expected<IntakeRequest, IntakeAnswer> parse_consent(const ConsentCall& call,
                                                          std::string_view body);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// {"msg":…,"code":…,"params":…}; `params_json` is JSON text, `null` if empty.
IntakeAnswer envelope(int status, std::string_view code, std::string_view msg,
                      std::string_view params_json = {});

}  // namespace sojourn::runtime
