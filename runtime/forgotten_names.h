// The names of people whom we were told to forget: what comes under one of them is refused until
// we are told otherwise. Of a name only a keyed hash is kept, as an identity of a kind of its own
// that names nobody; the key is made with the first of them and is a setting of the store. So the
// file holds no name of anybody who was forgotten, although who has the file has the key, too, and
// can ask it about a name that they know already. How many there are is a durable counter
// (forgotten_names), so that nothing is looked up where nobody was ever forgotten. Owned by the
// shard, on its thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::base {
class Random;
}

namespace sojourn::runtime {

struct TurnRecord;

class ForgottenNames {
 public:
  // kFatal when the store cannot be read, or is damaged: names are kept, and no key.
  base::Status load(store::Store& store);
  // There is a key afterwards: `mark` may be called. Durable on return.
  base::Status make_key(store::Store& store, base::Random& random);

  // The store's key is `key` afterwards, if any is given. Durable on return; kInvalid when it has
  // another one.
  base::Status adopt_key(store::Store& store, const std::string& key);
  const std::string& key() const { return key_; }

  bool any() const { return kept_ > 0; }
  // As what the name is kept. Only with a key, which there is where `any` holds.
  store::Identity mark(const store::Identity& name) const;
  // By the commit of this turn one more name is kept, or one less.
  void changed(bool kept, TurnRecord& record);

 private:
  std::string key_;
  std::int64_t kept_ = 0;
};

}  // namespace sojourn::runtime
