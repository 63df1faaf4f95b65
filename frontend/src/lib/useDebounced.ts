import { useEffect, useState } from "react";

/** `value` once it has rested for `delay` milliseconds. */
export function useDebounced(value: string, delay: number): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return rested;
}
