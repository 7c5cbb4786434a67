/* What the page uses of the vendored scripts beyond Leaflet's own types. */

import type * as Leaflet from "leaflet";

interface Editing {
  enable(options?: object): void;
  disable(): void;
}

declare module "leaflet" {
  interface LayerOptions {
    pmIgnore?: boolean;
    snapIgnore?: boolean;
  }
  interface TileLayer {
    _getTiledPixelBounds(centre: Leaflet.LatLngExpression): Leaflet.Bounds;
    _onMoveEnd(): void;
  }
  interface Canvas {
    _fillStroke(pen: CanvasRenderingContext2D, layer: Leaflet.Path): void;
  }
  interface InteractiveLayerOptions {
    className?: string;
  }
  interface PathOptions {
    canvasPattern?: CanvasImageSource | null;
  }
  interface Layer {
    pm: Editing;
  }
  interface Map {
    pm: {
      enableDraw(shape: string, options?: object): void;
      disableDraw(): void;
      setLang(lang: string): void;
      setGlobalOptions(options: object): void;
      Draw: { Polygon: { _layer?: Leaflet.Polyline; _removeLastVertex(): void } };
    };
  }
}

declare global {
  const protomapsL: {
    leafletLayer(options: object): Leaflet.GridLayer;
  };
}
