/** Finds the URL of the sign-in page in what poe printed. */
export const signInUrl = (text: string): string | undefined =>
  /(http:\S+\/oauth\/authorize\?[^\s"]+)[\s"]/.exec(text)?.[1];

/** Opens the sign-in page. @returns the URL that it redirects to, else its status */
export async function sentTo(url: string): Promise<string> {
  const response = await fetch(url, {redirect: 'manual'});
  return response.headers.get('location') ?? `status ${response.status}`;
}
