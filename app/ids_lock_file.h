// An ids.lock as a file: JSON, one thing a line, sorted, so that a difference in git is a
// difference in Iterable. It has no time and nothing of the machine: the same project gives the
// same bytes.
//
//   {
//     "format": 1,
//     "iterable": "https://api.iterable.com",   the base URL it was read from
//     "environment": "",                        the NAME of the [env.NAME]
//     "catalog": "9f3c…",                       the hash of the catalog.journey written with it
//     "channels": [{"id", "name", "kind", "medium"}],
//     "message_types": [{"id", "name", "channel", "consent"}],
//     "campaigns": [{"id", "name", "type", "state", "medium", "template", "message_type"}],
//     "lists": [{"id", "name", "type"}],
//     "user_fields": [{"name", "type"}],
//     "events": ["…"]
//   }
//
// Words are those of dsl/ids_lock.h. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "dsl/ids_lock.h"

namespace sojourn::app {

// A longer one is refused.
inline constexpr std::size_t kMaxLockBytes = 64U << 20U;

// Of the environment: `ids.lock`, or `ids.NAME.lock`.
std::string lock_file_name(const std::string& environment);

std::string render_lock(const dsl::IdsLock& lock);
// `name` is what messages call the file. Keys that are not known are passed over; another
// `format` is an error.
base::Result<dsl::IdsLock> parse_lock(std::string_view text, const std::string& name);
base::Result<dsl::IdsLock> read_lock(const std::string& path);

}  // namespace sojourn::app
