/* The frame: state from the address, tabs, map controls, readout. Runs before the parts. */
"use strict";

ftz.tabs = {
  names: ["layers", "density", "check"],
  open(name) {
    const known = ftz.tabs.names.filter((one) => ftz.byId(`tab-${one}`));
    const chosen = known.includes(name) ? name : "layers";
    known.forEach((one) => {
      const on = one === chosen;
      ftz.byId(`tab-${one}`).setAttribute("aria-selected", String(on));
      ftz.byId(`tab-${one}`).tabIndex = on ? 0 : -1;
      ftz.byId(`view-${one}`).hidden = !on;
    });
    ftz.state.tab = chosen;
    ftz.density.visible(chosen === "density");
    ftz.writeState();
  },
  move(event) {
    const known = ftz.tabs.names.filter((one) => ftz.byId(`tab-${one}`));
    const at = known.indexOf(ftz.state.tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: known.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const name = known[(to + known.length) % known.length];
    ftz.tabs.open(name);
    ftz.byId(`tab-${name}`).focus();
  },
};

ftz.parts.unshift(function frameBegin() {
  const map = ftz.map;
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: "topright", zoomInTitle: ftz.ui("zoom_in"), zoomOutTitle: ftz.ui("zoom_out") }).addTo(map);
  L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);
  ftz.readState();
  ftz.tabs.names.forEach((name) => {
    const tab = ftz.byId(`tab-${name}`);
    if (!tab) return;
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
