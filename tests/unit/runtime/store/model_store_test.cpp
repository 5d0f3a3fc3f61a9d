// The model itself, held to the suite: what the suite asks is what the model does.
#include "tests/unit/runtime/store/model_store.h"

#include "tests/unit/runtime/store/store_conformance.h"

namespace sojourn::store {
namespace {

class ModelDisk {
 public:
  std::unique_ptr<Store> open() { return std::make_unique<ModelStore>(disk_); }

 private:
  std::shared_ptr<ModelStore::Disk> disk_ = std::make_shared<ModelStore::Disk>();
};

INSTANTIATE_TYPED_TEST_SUITE_P(Model, StoreConformance, ModelDisk);

}  // namespace
}  // namespace sojourn::store
