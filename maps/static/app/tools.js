/* The tools on the map: one mode at a time, a card for what they find, their keys. */
"use strict";

/* A mode takes the clicks of the map until it is stopped; without one a click identifies. */
ftz.mode = { name: null, stopCurrent: null, listeners: [] };
ftz.mode.start = function (name, stop) {
  ftz.mode.stop();
  ftz.mode.name = name;
  ftz.mode.stopCurrent = stop;
  ftz.mode.told();
};
ftz.mode.told = function () {
  ftz.tools.press();
  ftz.mode.listeners.forEach((heard) => heard());
};
ftz.mode.stop = function () {
  const stop = ftz.mode.stopCurrent;
  ftz.mode.name = ftz.mode.stopCurrent = null;
  if (!stop) return;
  stop();
  ftz.mode.told();
};

ftz.card = { owner: null };
/* `closed` is called when another takes the card or a person closes it. */
ftz.card.open = function (owner, title, children, closed) {
  if (ftz.card.owner !== owner) ftz.card.close();
  const card = ftz.byId("card");
  ftz.card.owner = owner;
  ftz.card.closed = closed;
  card.hidden = false;
  ftz.show(card, ftz.el("h2", {}, title),
    ftz.el("button", { type: "button", class: "close", "aria-label": ftz.ui("close"), title: ftz.ui("close"), onclick: ftz.card.close }, ftz.icon("close")),
    children);
  card.scrollTop = 0;
};
ftz.card.close = function () {
  const { closed } = ftz.card;
  ftz.card.owner = ftz.card.closed = null;
  ftz.byId("card").hidden = true;
  ftz.show(ftz.byId("card"));
  if (closed) closed();
};

ftz.tools = { buttons: new Map() };
/* A group of buttons: [{ name, icon, word, key, act, mode }]; `mode` marks what a button starts. */
ftz.tools.group = function (buttons) {
  const group = ftz.el("div", { role: "group" }, buttons.map((one) => {
    const title = one.key ? `${ftz.ui(one.word)} (${one.key.toUpperCase()})` : ftz.ui(one.word);
    const button = ftz.el("button", { type: "button", id: `tool-${one.name}`, title, "aria-label": title, onclick: () => one.act() }, ftz.icon(one.icon));
    if (one.mode || one.toggles) button.setAttribute("aria-pressed", "false");
    if (one.key) ftz.frame.keys.set(one.key, [one.word, one.act]);
    ftz.tools.buttons.set(one.name, { ...one, button });
    return button;
  }));
  ftz.byId("tools").append(group);
  return group;
};
ftz.tools.press = () => ftz.tools.buttons.forEach(({ mode, button }) => {
  if (mode) button.setAttribute("aria-pressed", String(mode === ftz.mode.name));
});

/* Enter on the map is a click at its middle: drawing, measuring and asking need no pointer. */
ftz.tools.enter = function (event) {
  if (event.key !== "Enter" || event.target !== ftz.map.getContainer()) return;
  event.preventDefault();
  const latlng = ftz.map.getCenter(), at = ftz.map.getSize().divideBy(2);
  const details = { latlng, containerPoint: at, layerPoint: ftz.map.containerPointToLayerPoint(at), originalEvent: event };
  ftz.map.fire("mousemove", details);
  ftz.map.fire("click", details);
};

/* Points as text for the address: the polyline algorithm at seven decimals, as a drawing has them. */
ftz.points = {
  write(points) {
    let last = [0, 0], text = "";
    const push = (value) => {
      let rest = value < 0 ? -value * 2 - 1 : value * 2;
      for (; rest >= 32; rest = Math.floor(rest / 32)) text += String.fromCharCode((32 | (rest % 32)) + 63);
      text += String.fromCharCode(rest + 63);
    };
    points.forEach(([x, y]) => {
      const now = [Math.round(x * 1e7), Math.round(y * 1e7)];
      push(now[0] - last[0]);
      push(now[1] - last[1]);
      last = now;
    });
    return text;
  },
  read(text) {
    const values = [];
    let value = 0, factor = 1;
    for (const letter of text) {
      const piece = letter.charCodeAt(0) - 63;
      if (piece < 0 || piece > 63) return [];
      value += (piece % 32) * factor;
      if (piece >= 32) { factor *= 32; continue; }
      values.push(value % 2 ? -(value + 1) / 2 : value / 2);
      value = 0;
      factor = 1;
    }
    const points = [];
    let x = 0, y = 0;
    for (let at = 0; at + 1 < values.length; at += 2) {
      x += values[at];
      y += values[at + 1];
      points.push([x / 1e7, y / 1e7]);
    }
    return points.every(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90) ? points : [];
  },
};

ftz.parts.push(function toolsBegin() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || ftz.byId("keys").open) return;
    if (ftz.mode.name) ftz.mode.stop();
    else if (!ftz.byId("card").hidden) ftz.card.close();
  });
  ftz.map.getContainer().addEventListener("keydown", ftz.tools.enter);
});
