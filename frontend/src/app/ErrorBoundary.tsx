import { Component, type ReactNode } from "react";
import { ActionButton } from "../components/Action";
import { common } from "../lib/fr/common";

interface Props {
  /** A change of place is a fresh start. */
  place: string;
  children: ReactNode;
}

/** The last net: a page that could not be loaded or drawn leaves the rest of the site usable. */
export class ErrorBoundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidUpdate(previous: Props) {
    if (this.state.broken && previous.place !== this.props.place) this.setState({ broken: false });
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <div className="wrap py-12" role="alert">
        <h1 className="text-xl">{common.brokenTitle}</h1>
        <p className="measure mt-4 mb-6">{common.brokenText}</p>
        <ActionButton onClick={() => window.location.reload()}>{common.reload}</ActionButton>
      </div>
    );
  }
}
