"""One document the ordinary way: a new process, a new browser. Arguments: the browser, the page, the PDF."""

import sys

from playwright.sync_api import sync_playwright

browser, page_file, pdf_file = sys.argv[1:]
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=browser)
    page = chromium.new_page()
    page.goto(f"file://{page_file}", wait_until="load")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.pdf(path=pdf_file, print_background=True, prefer_css_page_size=True, tagged=True, outline=True)
    chromium.close()
