/** jsdom has no EventSource: this one is driven by the test, through `FakeEventSource.last`. */
export class FakeEventSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeEventSource[] = [];

  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeEventSource.opened.push(this);
  }

  static get last(): FakeEventSource {
    const last = FakeEventSource.opened.at(-1);
    if (!last) throw new Error("the page opened no event stream");
    return last;
  }

  static forget() {
    FakeEventSource.opened = [];
  }

  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  /** `refused`: the server answered with an error, the browser does not come back by itself. */
  fail(refused = false) {
    this.readyState = refused ? FakeEventSource.CLOSED : 0;
    this.onerror?.();
  }

  tell(event: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }

  close() {
    this.readyState = FakeEventSource.CLOSED;
  }
}
