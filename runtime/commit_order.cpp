#include "runtime/commit_order.h"

#include <utility>

namespace sojourn::runtime {

base::Status commit_then_publish(store::Store& store, const store::Commit& commit,
                                 TurnOutput output, Publisher& publisher) {
  base::Status status;
  if (commit.empty()) {
    publisher.publish(std::move(output));
    return status;
  }
  store.commit(commit, [&](base::Result<std::uint64_t> committed) {
    if (!committed) {
      status = tl::unexpected(std::move(committed.error()));
      return;
    }
    publisher.publish(std::move(output));
  });
  return status;
}

}  // namespace sojourn::runtime
