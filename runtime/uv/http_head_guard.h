// Refuses request heads on which two HTTP parsers might disagree, before llhttp
// sees them. Debian's llhttp 8.1.0 takes a lone CR as the end of a header line
// (CVE-2023-30589: `X-Abc: \rxTransfer-Encoding: chunked` becomes a header of its
// own), and a lone LF after the request line. So lines must end in CRLF and nothing
// else, hold no NUL, and not continue the line before (RFC 9112, 2.2 and 5.2). Pure.
#pragma once

#include <string_view>

namespace sojourn::uv {

// `lines` are whole lines of a head, each with its end. Returns what is wrong with
// the first of them that is doubtful, or null; so it does not matter how many come at once. Static
// text.
const char* doubt_about_head(std::string_view lines);

}  // namespace sojourn::uv
