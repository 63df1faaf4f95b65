import L from "leaflet";
import "leaflet/dist/leaflet.css";
import { useCallback, useRef, useState } from "react";
import { communes as fr } from "../../lib/fr/communes";

/** A Leaflet map without tiles: give `container` to an element that has a size, the map lives as long as it. */
export function useLeaflet() {
  const living = useRef<L.Map | null>(null);
  const [map, setMap] = useState<L.Map | null>(null);
  const container = useCallback((element: HTMLElement | null) => {
    living.current?.remove();
    living.current = element && create(element);
    setMap(living.current);
  }, []);
  return { map, container };
}

function create(element: HTMLElement): L.Map {
  const map = L.map(element, {
    attributionControl: false,
    zoomControl: false,
    scrollWheelZoom: false,
    // On a touch screen a finger on the map must still scroll the page.
    dragging: !L.Browser.mobile,
    keyboard: false,
    zoomSnap: 0.25,
    zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  L.control.zoom({ zoomInTitle: fr.zoomIn, zoomOutTitle: fr.zoomOut }).addTo(map);
  return map;
}
