#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/transcript.h"

namespace sojourn::connectors::iterable {
namespace {

using graph::Value;
using What = CatalogItemCommand::What;

TEST(CatalogItem, ReplacesMergesAndDeletes) {
  CatalogItemCommand command{"shops", "s-1", What::kReplace, {{"city", Value("Lyon")}}};
  EXPECT_EQ(transcript(catalog_item(command)),
            "PUT /api/catalogs/shops/items/s-1\n"
            "value: {\"city\":\"Lyon\"}\n");
  command.what = What::kMerge;
  EXPECT_EQ(transcript(catalog_item(command)),
            "PATCH /api/catalogs/shops/items/s-1\n"
            "update: {\"city\":\"Lyon\"}\n");
  command.what = What::kDelete;
  EXPECT_EQ(transcript(catalog_item(command)), "DELETE /api/catalogs/shops/items/s-1\n");
}

TEST(CatalogItems, TakeManyAtOnce) {
  CatalogItemsCommand command;
  command.catalog = "shops";
  command.items = {{"s-1", {{"city", Value("Lyon")}}}, {"s-2", {{"city", Value("Turin")}}}};
  EXPECT_EQ(transcript(catalog_items(command)),
            "POST /api/catalogs/shops/items\n"
            "documents: {\"s-1\":{\"city\":\"Lyon\"},\"s-2\":{\"city\":\"Turin\"}}\n"
            "replaceUploadedFieldsOnly: false\n");
  command.what = What::kMerge;
  EXPECT_TRUE(transcript(catalog_items(command)).ends_with("replaceUploadedFieldsOnly: true\n"));
  command.what = What::kDelete;
  EXPECT_EQ(transcript(catalog_items(command)),
            "DELETE /api/catalogs/shops/items\n"
            "itemIds: [\"s-1\",\"s-2\"]\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
