import { Component, type ReactNode } from "react";
import { communes as fr } from "../../lib/fr/communes";

/** A map that cannot be loaded or drawn must not take the page with it: the table has the same values. */
export class MapBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return <p className="flex h-full items-center justify-center bg-mist p-6 text-center">{fr.mapFailed}</p>;
  }
}
