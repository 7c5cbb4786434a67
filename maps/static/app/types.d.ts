/* What the modules hand to each other. Answers of the server are in the namespace Answers, which
   is written from its models: see tests/test_page_js. */

declare namespace App {
  type Json = any; /* Of no stated form: a JSON value as a server of an open interface gives it. */
  type JsonObject = Record<string, Json>;
  type Words = Record<string, Record<string, string>>;
  type LonLat = number[];
  type Ring = LonLat[];
  type Bounds = [number, number, number, number];
  type Shape = Exclude<GeoJSON.Geometry, GeoJSON.GeometryCollection>;
  type Area = GeoJSON.Polygon | GeoJSON.MultiPolygon;
  type Feature = GeoJSON.Feature<GeoJSON.Geometry, any>;
  type Collection = GeoJSON.FeatureCollection<GeoJSON.Geometry, any> & { layer: { matched: number; returned: number } };
  type Citation = Record<string, string>;
  type Send = [address: string, options?: RequestInit];
  type Query = [string, string][];
  type Option = (string | number | null)[]; /* value, text */
  type Task = Omit<Answers.Task, "result"> & { result: Json };
  type Attribute = string | number | boolean | null | undefined | ((event: any) => unknown);

  type Child = Node | string | number | null | undefined;
  /** Nested, and some may be missing. */
  type Children = Child | Children[];

  interface Page {
    map: L.Map;
    config: Config;
  }

  interface Config {
    lang: string;
    texts: Record<string, Words>;
    styles: Styles;
    embedded: Embedded | null;
    /** The gravest first. */
    verdicts: string[];
    criteria: { id: string; name: Answers.Title; weight: number }[];
    publication: Publication;
    /** Kind, names in Chinese and English, pinyin, west, south, east, north, county. */
    places: (string | number)[][];
  }

  interface Embedded {
    layers: Answers.LayerList;
    features: Record<string, Collection>;
    indicators: Answers.IndicatorList;
    densities: Answers.DensityTable[];
    density_years: Answers.DensityYears[];
    plan: Answers.PlanMonitor;
  }

  interface KindStyle {
    stroke: string;
    weight: number;
    dash?: string;
    fill: string;
    pattern: "hatch" | "dots" | "none";
    fill_opacity: number;
    order: number;
    precedence: number;
    /** Under which heading its layers are listed. */
    group: "control" | "zone" | "ground";
    min_zoom?: number;
    names?: string;
    quiet?: boolean;
    dot?: boolean;
    credit?: boolean;
    shown?: boolean;
  }

  interface Styles {
    kinds: Record<string, KindStyle>;
    dark: Record<string, Partial<KindStyle>>;
    fallback: KindStyle;
    result: Record<string, string>;
    changes: Record<string, string>;
    grades: Record<string, string>;
    choropleth: { classes: string[]; stroke: string };
    rasters: Record<string, Record<string, string>>;
  }

  /** Problem details of a refusal. */
  interface Problem {
    title: string;
    detail: string;
    code?: string;
    params: JsonObject;
  }

  /** A layer of the catalogue as the list and the map hold it. */
  interface Layer extends Answers.LayerOut {
    on?: boolean;
    opacity: number;
    tiled: boolean;
    drawn?: L.Layer | null;
    collection?: Collection;
    tiles?: Answers.TileSet;
    box: HTMLInputElement;
    swatch: Element;
    state: HTMLElement;
    far: HTMLElement;
  }

  /** A way of drawing rasters, and all rasters that are drawn so. */
  interface RasterRow {
    key: string;
    style: Answers.RasterStyle;
    title: Answers.Title;
    kind: string;
    statuses: Set<string>;
    pieces: { raster: Answers.RasterOut; tiles: string }[];
    on?: boolean;
    opacity: number;
    group?: L.LayerGroup<L.TileLayer> | null;
    box: HTMLInputElement;
    slider: HTMLInputElement;
    side: HTMLSelectElement;
    more: HTMLElement;
  }

  /** A button on the map; `mode` names what it starts. */
  interface Tool {
    name: string;
    icon: string;
    word: string;
    key?: string;
    mode?: string;
    toggles?: boolean;
    act: () => void;
  }

  /** Sites that the expansion tab is about. */
  interface ChosenSites {
    name: string;
    drawn?: boolean;
    files?: File[];
    options?: RequestInit;
    layer?: string;
    features?: Feature[];
  }

  /** A share of ground with its word and colour. */
  interface ShareRow {
    name: string;
    colour: string;
    area_ha: number;
    pct: number;
  }

  /** One case of a scenario, as the form holds it. */
  interface Case {
    name: string;
    added_km2: number;
    by: string;
    density: number | null;
    by_year: number | null;
    present_growth_pct?: number;
  }

  interface StoryStep {
    heading: Answers.Title;
    text: Answers.Title;
    layers: string[];
    density: number | null;
    bounds_lonlat: Bounds | null;
  }

  /** A draft of a publication. */
  interface PublicationPlan {
    id: string;
    title: Answers.Title;
    maker: Answers.Title;
    disclaimer: Answers.Title;
    data_date: string;
    review_number: string | null;
    draft: boolean;
    prints: boolean;
    layers: { id: string; displacement_m: number }[];
    densities: { indicator: string; year: number; denominator: string; nature: string }[];
    story: StoryStep[];
  }

  type PublicField = Answers.PublicLayer["fields"][number];

  interface PublicLayer {
    id: string;
    kind: string;
    title: Answers.Title;
    status: string;
    source: string;
    licence: string;
    displacement_m: number;
    features: Collection;
    fields: PublicField[];
    protections: Answers.PublicLayer["protections"];
  }

  /** A published map, as it is embedded. */
  interface Publication {
    id: string;
    law_on: string;
    title: Answers.Title;
    maker: Answers.Title;
    disclaimer: Answers.Title;
    data_date: string;
    crs: string;
    review_number: string | null;
    draft: boolean;
    bounds_lonlat: Bounds;
    layers: PublicLayer[];
    densities: Answers.PublishedDensity[];
    story: StoryStep[];
  }
}
