import { PageTitle } from "../../components/PageTitle";
import * as texts from "../../lib/fr/legal";

/** The four pages the law asks for: one layout, one text each. */
export default function LegalPage({ page }: { page: keyof typeof texts }) {
  const text = texts[page];
  return (
    <article className="wrap pt-10 pb-8">
      <PageTitle key={page} title={text.title} />
      <p className="measure mt-4 text-lg">{text.lede}</p>
      {text.sections.map((section) => (
        <section key={section.title} className="measure mt-8 border-t border-rule pt-4">
          <h2 className="text-lg">{section.title}</h2>
          {section.paragraphs.map((paragraph) => (
            <p key={paragraph} className="mt-2">
              {paragraph}
            </p>
          ))}
        </section>
      ))}
    </article>
  );
}
