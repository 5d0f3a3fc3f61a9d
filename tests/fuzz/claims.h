// What must be so of every byte that comes from outside, whatever it is: a function for each door.
// Each aborts where its claims do not hold, which is how a fuzzer notices; that an input takes
// neither long nor much memory is held by whoever calls them. One thread.
#pragma once

#include <string_view>

namespace sojourn::fuzz {

// A journey file. Checks and renders the text as the one file of a program, and formats it:
//   - findings point into the text, and every form of them can be written;
//   - a file without faults of syntax comes out of `fmt` with the same tokens, and a
//     second time unchanged;
//   - a program's graphs are sound, and survive being stored.
void hold_language_claims(std::string_view text);

// Bytes of one connection of a sender:
//   - where they are cut into pieces changes nothing of what is understood, or of the refusal;
//   - a second, strict reader (strict_http.h) finds each request that was taken to be the same, and
//     to end at the same byte: nobody in front of us can see another request in it;
//   - what was taken is within the limits.
void hold_http_claims(std::string_view bytes);

// A request of a sender: a line "METHOD TARGET MODE", and a body. MODE is a row of
// intake_claims.cpp: how what comes goes on.
//   - a refusal is a 4xx, and like every answer a JSON object;
//   - what is taken has well-formed names, declared fields of their declared types, none twice, and
//     text in UTF-8;
//   - what goes on to Iterable of an item, read again, is the same item;
//   - neither the request before nor white space between the tokens changes anything.
void hold_intake_claims(std::string_view request);

// The body of a system webhook of Iterable's:
//   - what is read is cut, listed and spelled as notice.h says;
//   - what it says of consent is within its limits, and of somebody who is named;
//   - neither the notice before nor white space changes anything.
void hold_notice_claims(std::string_view body);

// What answers a request of ours, Iterable or a service: a line "STATUS RETRY-AFTER", and a body.
//   - the status decides, not the words; only what would count twice can be in doubt;
//   - of a bulk call each item has an outcome, and is refused only by a name of its own;
//   - a service's reply is what is declared, or there is none;
//   - what is shown of an answer is one line of UTF-8, cut; nobody is made to wait for ever.
void hold_answer_claims(std::string_view answer);

// An address that may be called, and text in URLs:
//   - the client goes to the scheme, host and port that the allow-list was asked about;
//   - what is encoded reads back.
void hold_address_claims(std::string_view text);

// A row as the runtime stores it: a letter for the codec (row_claims.cpp), and its bytes.
//   - it is an error, or a value that can be written and read again and is the same then;
//   - a graph is taken only as it is written, and is sound.
void hold_row_claims(std::string_view row);

// Changes to a store that was lived in for some days (lived_store.h): of bytes of its file, or of
// what a cell of its tables holds. It is opened and lived in for another ten days, while senders,
// Iterable and an operator say everything that they can say.
//   - that ends well or with an error, and what leaves meanwhile is JSON.
void hold_store_claims(std::string_view change);

// A line "config", "lock", "template" or "model", and such a file: sojourn.toml, an ids.lock, a
// template of Iterable, the people of a simulation. Without a line: an Authorization header.
//   - an error names the file, or the table of it; what is read is within its bounds;
//   - a lock that is written reads back and is the same then.
void hold_config_claims(std::string_view file);

}  // namespace sojourn::fuzz
