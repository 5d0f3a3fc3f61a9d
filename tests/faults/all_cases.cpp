#include "tests/faults/all_cases.h"

namespace sojourn::faults {

Cases all_cases() {
  Cases all;
  add_kill_cases(all);
  add_storage_cut_cases(all);
  add_storage_erasure_cases(all);
  add_storage_full_cases(all);
  add_storage_read_only_cases(all);
  add_storage_error_cases(all);
  add_sink_cases(all);
  add_network_cases(all);
  add_process_cases(all);
  add_restart_cases(all);
  add_overload_cases(all);
  return all;
}

}  // namespace sojourn::faults
