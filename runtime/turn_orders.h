// The orders of operators in one turn: deliveries that ended unsent are planned again, or
// given up, and what waits to leave is, too. A turn works off some of what an order is about and
// says how much remains; who gave it asks again. Lives for one turn, on the shard's thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "runtime/dead_letter.h"
#include "runtime/delivery_order.h"
#include "runtime/shard_input.h"
#include "runtime/turn_context.h"

namespace sojourn::runtime {

class TurnOutbox;
class UserBook;

class TurnOrders {
 public:
  TurnOrders(const TurnContext& context, TurnRecord& record, UserBook& users, TurnOutbox& outbox);

  // Chooses what this turn does of it; its users are added to those to be loaded.
  base::Status take(const DeliveryOrder& order, std::vector<store::UserId>& users);
  // Before the claims.
  base::Status carry_out();
  // After them, because some may end unsent once more.
  void answer();

 private:
  struct Taken {
    DeliveryOrder order;
    std::vector<std::uint64_t> numbers;
    std::vector<store::Delivery> waiting;
    std::size_t remaining = 0;
    std::optional<store::DeliveryKey> after;        // more of what waits is behind it
    std::map<std::string, std::size_t> left_alone;  // by why
    std::vector<store::DeliveryKey> planned;
    std::map<std::string, std::size_t> ended;  // by why
    std::size_t dropped = 0;
  };

  void carry_out(Taken& taken, DeadLetter letter);
  base::Status drop_waiting(Taken& taken);
  void note(const Taken& taken);
  void audit(const Taken& taken, std::size_t planned);

  const TurnContext& context_;
  TurnRecord& record_;
  UserBook& users_;
  TurnOutbox& outbox_;
  std::vector<Taken> taken_;
};

// What an order would be about, if it were given now; of what waits, the part from `after` on.
base::Result<QueryAnswer> preview(const DeliveryOrder& order, const TurnContext& context,
                                  base::Instant now);

}  // namespace sojourn::runtime
