/* What @camptocamp/ogc-client finds behind an address, as one line of JSON. */
import { OgcApiEndpoint } from "@camptocamp/ogc-client";

const endpoint = new OgcApiEndpoint(process.argv[2]);
const collections = await endpoint.featureCollections;
const info = await endpoint.getCollectionInfo("red_lines");
const items = await endpoint.getCollectionItems("red_lines", 5, 2);
console.log(
  JSON.stringify({
    collections,
    crs: info.crs,
    storageCrs: info.storageCrs,
    queryables: info.queryables.map((one) => one.name),
    items: items.map((one) => one.id),
    tiles: await endpoint.vectorTileCollections,
  }),
);
