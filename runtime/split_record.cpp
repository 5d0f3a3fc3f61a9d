#include "runtime/split_record.h"

#include <limits>
#include <utility>

#include "base/bytes.h"
#include "base/stored_instant.h"

namespace sojourn::runtime {
namespace {

using engine::ArmCounts;
using engine::Experiment;

constexpr std::uint8_t kFormat = 1;
constexpr std::uint8_t kUnitsFormat = 1;

void write(base::ByteWriter& out, const ArmCounts& counts) {
  out.varint(counts.taken);
  out.varint(counts.succeeded);
}

ArmCounts read_counts(base::ByteReader& in) {
  ArmCounts counts;
  counts.taken = in.varint();
  counts.succeeded = in.varint();
  if (counts.succeeded > counts.taken) in.fail();
  return counts;
}

Experiment::Batch read_batch(base::ByteReader& in, std::size_t arms) {
  Experiment::Batch batch;
  batch.from = base::read_instant(in);
  for (std::size_t i = 0; i < arms && in.ok(); ++i) batch.arms.push_back(read_counts(in));
  return batch;
}

}  // namespace

std::string encode(const SplitRecord& record) {
  const Experiment& experiment = record.experiment;
  base::ByteWriter out;
  out.u8(kFormat);
  out.string(record.journey);
  out.string(record.split);
  out.fixed64(experiment.rule);
  out.signed_varint(experiment.begun_at.millis);
  out.u8(experiment.unbalanced ? 1 : 0);
  out.varint(experiment.winner ? std::uint64_t{*experiment.winner} + 1 : 0);
  out.varint(record.arms.size());
  for (std::size_t i = 0; i < record.arms.size(); ++i) {
    out.string(record.arms[i]);
    write(out, experiment.all[i]);
    write(out, experiment.closed[i]);
  }
  out.varint(experiment.open.size());
  for (const Experiment::Batch& batch : experiment.open) {
    out.signed_varint(batch.from.millis);
    for (const ArmCounts& counts : batch.arms) write(out, counts);
  }
  return out.take();
}

base::Result<SplitRecord> decode_split(std::string_view bytes) {
  base::ByteReader in(bytes);
  SplitRecord record;
  Experiment& experiment = record.experiment;
  const std::uint8_t format = in.u8();
  record.journey = in.string();
  record.split = in.string();
  experiment.rule = in.fixed64();
  experiment.begun_at = base::read_instant(in);
  const std::uint8_t unbalanced = in.u8();
  experiment.unbalanced = unbalanced == 1;
  const std::uint64_t winner = in.varint();
  const std::size_t arms = in.count();
  for (std::size_t i = 0; i < arms && in.ok(); ++i) {
    record.arms.emplace_back(in.string());
    experiment.all.push_back(read_counts(in));
    experiment.closed.push_back(read_counts(in));
  }
  const std::size_t batches = in.count();
  for (std::size_t i = 0; i < batches && in.ok(); ++i) {
    experiment.open.push_back(read_batch(in, arms));
  }
  if (winner > 0) experiment.winner = static_cast<std::uint32_t>(winner - 1);
  if (format != kFormat || unbalanced > 1 || winner > arms || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "what is counted of a split cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return record;
}

std::string encode(const SplitUnitsRecord& record) {
  base::ByteWriter out;
  out.u8(kUnitsFormat);
  out.string(record.journey);
  out.string(record.split);
  out.fixed64(record.rule);
  out.signed_varint(record.begun_at.millis);
  out.varint(record.index);
  out.varint(record.units.size());
  for (const std::uint64_t unit : record.units) out.fixed64(unit);
  return out.take();
}

base::Result<SplitUnitsRecord> decode_split_units(std::string_view bytes) {
  base::ByteReader in(bytes);
  SplitUnitsRecord record;
  const std::uint8_t format = in.u8();
  record.journey = in.string();
  record.split = in.string();
  record.rule = in.fixed64();
  record.begun_at = base::read_instant(in);
  const std::uint64_t index = in.varint();
  record.index = static_cast<std::uint32_t>(index);
  const std::size_t units = in.count();
  for (std::size_t i = 0; i < units && in.ok(); ++i) record.units.push_back(in.fixed64());
  const bool fits =
      units > 0 && units <= kUnitsInRow && index < std::numeric_limits<std::uint32_t>::max();
  if (format != kUnitsFormat || !fits || !in.ok() || !in.at_end()) {
    return base::failure(base::Error::Kind::kFatal, "the units of a split cannot be read",
                         "the database is damaged or was written by a newer version");
  }
  return record;
}

}  // namespace sojourn::runtime
