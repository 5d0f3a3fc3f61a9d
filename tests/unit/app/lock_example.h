// A small Iterable project, as an ids.lock has it.
#pragma once

#include "dsl/ids_lock.h"

namespace sojourn::app {

inline dsl::IdsLock lock_example() {
  dsl::IdsLock lock;
  lock.iterable = "https://api.iterable.com";
  lock.channels = {{31, "Marketing Channel", "marketing", "email"},
                   {32, "Transactional Channel", "transactional", "email"}};
  lock.message_types = {{41, "News & Tips", 31, "opt_in"},
                        {42, "Marketing Message", 31, "opt_out"},
                        {43, "Transactional", 32, "opt_out"}};
  lock.campaigns = {{101, "Welcome, friend!", "triggered", "running", "email", 901, 41},
                    {102, "Trial: Day 1", "triggered", "running", "push", 902, 43},
                    {103, "Old", "triggered", "archived", "email", 903, 41},
                    {104, "Card", "triggered", "running", "embedded", 904, 41},
                    {105, "Lost", "triggered", "running", "email", 905, std::nullopt},
                    {106, "Blast", "blast", "finished", "email", 906, 41}};
  lock.lists = {{7, "VIPs", "standard"}, {8, "Who opened", "dynamic"}};
  lock.user_fields = {{"address.city", "string"}, {"email", "string"},     {"first name", "string"},
                      {"itblInternal.x", "long"}, {"plan", "string"},      {"seats", "long"},
                      {"trialEndsAt", "date"},    {"trialScore", "double"}};
  lock.events = {"Trial Started", "login"};
  return lock;
}

}  // namespace sojourn::app
