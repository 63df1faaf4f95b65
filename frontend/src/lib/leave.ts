/** Leaves the site, for the payment page. Alone in its file so that a test can see where a visitor is sent. */
export const leaveTo = (url: string) => window.location.assign(url);
