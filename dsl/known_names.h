// Names of declared things, wherever one is written: reported with what was probably
// meant when there is no such thing. A hole is not reported.
#pragma once

#include <optional>

#include "dsl/ast.h"
#include "dsl/report.h"
#include "dsl/world.h"

namespace sojourn::dsl {

bool check_message_type_name(const World& world, const ast::Name& name, Report& report);
bool check_list_name(const World& world, const ast::Name& name, Report& report);
// `marketing`, a medium or a message type, which goes by its own name even where a medium is
// called the same.
std::optional<graph::SendScope> check_send_scope(const World& world, const ast::Name& name,
                                                 Report& report);
bool check_segment_name(const World& world, const ast::Name& name, Report& report);
bool check_journey_name(const World& world, const ast::Name& name, Report& report);

}  // namespace sojourn::dsl
