// The orders of operators in one turn: deliveries that ended unsent are planned again, or
// given up. A turn works off some of what an order is about and says how much remains; who
// gave it asks again. Lives for one turn, on the shard's thread.
#pragma once

#include <cstdint>
#include <map>
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
  void take(const DeliveryOrder& order, std::vector<store::UserId>& users);
  // Before the claims.
  void carry_out();
  // After them, because some may end unsent once more.
  void answer();

 private:
  struct Taken {
    DeliveryOrder order;
    std::vector<std::uint64_t> numbers;
    std::size_t remaining = 0;
    std::map<std::string, std::size_t> left_alone;  // by why
    std::vector<store::DeliveryKey> planned;
    std::map<std::string, std::size_t> ended;  // by why
    std::size_t dropped = 0;
  };

  void carry_out(Taken& taken, DeadLetter letter);
  void note(const Taken& taken);

  const TurnContext& context_;
  TurnRecord& record_;
  UserBook& users_;
  TurnOutbox& outbox_;
  std::vector<Taken> taken_;
};

// What an order would be about, if it were given now.
QueryAnswer preview(const DeliveryOrder& order, const TurnContext& context, base::Instant now);

}  // namespace sojourn::runtime
