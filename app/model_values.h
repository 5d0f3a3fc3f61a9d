// Values, ranges and delays as they stand in a simulation's model.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "simulate/model.h"

#include "app/table_reader.h"

namespace sojourn::app {

// `0s..2d`, `-14d..14d`: days of 24 hours.
std::optional<simulate::Delay> parse_delay(std::string_view text);

// What a key of `values` means for a field of this type: a value of it, `5..19` for
// numbers, `20d..40d` after the entry for times. Nothing when it means nothing.
std::optional<decltype(simulate::Choice::what)> parse_choice(std::string_view text,
                                                             const graph::Type& type);
// How it is written, for a message: `this field, which is a number: 5, or 5..19`.
std::string choice_form(const graph::Type& type);

// `same_as = "entry.plan"`, for the share `same` of those who have the field.
void read_same(TableReader& table, simulate::Distribution& into);

}  // namespace sojourn::app
