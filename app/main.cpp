#include "app/command_line.h"
#include "app/guard_process.h"

int main(int argc, char** argv) {
  sojourn::app::fill_standard_descriptors();
  return sojourn::app::run_command_line(argc, argv);
}
