/* The frame: state from the address, tabs, map controls, readout. Runs before the parts. */
"use strict";

ftz.parts.unshift(function frameBegin() {
  const map = ftz.map;
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: "topright", zoomInTitle: ftz.ui("zoom_in"), zoomOutTitle: ftz.ui("zoom_out") }).addTo(map);
  L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);
  ftz.readState();
  ftz.tabs.names().forEach((name) => {
    const tab = ftz.byId(`tab-${name}`);
    tab.addEventListener("click", () => ftz.tabs.open(name));
    tab.addEventListener("keydown", ftz.tabs.move);
  });
  ftz.tabs.open(ftz.state.tab);
  if (ftz.config.embedded) {
    ftz.byId("lang-switch").addEventListener("click", (event) => {
      event.preventDefault();
      ftz.config.lang = ftz.ui("other_lang");
      ftz.writeState();
      location.reload();
    });
  }
  map.on("moveend", ftz.writeState);
  const room = () => {
    map.getContainer().classList.toggle("room-for-counties", map.getZoom() >= 10);
    map.getContainer().classList.toggle("room-for-places", map.getZoom() >= 7);
  };
  map.on("zoomend", room);
  room();
  map.on("mousemove", ({ latlng }) => {
    ftz.byId("readout").textContent = `${latlng.lng.toFixed(5)}°E  ${latlng.lat.toFixed(5)}°N`;
  });
});
