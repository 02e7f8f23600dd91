/** A function of Postgres, laid down anew at every opening. */

/** Replaced in place, so that statements prepared elsewhere go on working. What changes its answer takes a new name. */
export const defined = (signature: string, returns: string, body: string): string => `
CREATE OR REPLACE FUNCTION ${signature} RETURNS ${returns} LANGUAGE plpgsql AS $function$${body}$function$;`
