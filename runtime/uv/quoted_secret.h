// A secret that we send, as others may quote it in what they answer: as it is, escaped in JSON or
// percent-encoded (some of its characters, or all), or in base64 within something longer, as Basic
// credentials are. Values; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sojourn::uv {

class QuotedSecret {
 public:
  // `secret` is not empty; a short one would be found in texts that do not quote it.
  explicit QuotedSecret(std::string_view secret);

  // `[secret]` stands instead of each of them.
  void take_out(std::string& text) const;

 private:
  void take_out_spelled(std::string& text) const;

  std::string secret_;
  // What is the same of its base64 wherever it stands in a longer text, in both alphabets. A few
  // bits at its ends depend on its neighbours, and stay.
  std::vector<std::string> in_base64_;
};

}  // namespace sojourn::uv
