// Planted: senders are answered before the commit.
#include <utility>

#include "runtime/commit_order.h"

namespace sojourn::runtime {

base::Status commit_then_publish(store::Store& store, const store::Commit& commit,
                                 TurnOutput output, Publisher& publisher) {
  TurnOutput early;
  early.sequence = output.sequence;
  early.results = std::exchange(output.results, {});
  publisher.publish(std::move(early));
  base::Status status;
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
