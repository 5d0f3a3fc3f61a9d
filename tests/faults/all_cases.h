// Every file of cases, and all of them together in the order of the catalogue.
#pragma once

#include "tests/faults/case.h"

namespace sojourn::faults {

void add_kill_cases(Cases& cases);
void add_storage_cut_cases(Cases& cases);
void add_storage_erasure_cases(Cases& cases);
void add_storage_error_cases(Cases& cases);
void add_storage_full_cases(Cases& cases);
void add_storage_read_only_cases(Cases& cases);
void add_sink_cases(Cases& cases);
void add_network_cases(Cases& cases);
void add_process_cases(Cases& cases);
void add_restart_cases(Cases& cases);
void add_overload_cases(Cases& cases);

Cases all_cases();

}  // namespace sojourn::faults
