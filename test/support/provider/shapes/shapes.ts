import { auth0 } from './auth0.js';
import { authentik } from './authentik.js';
import { cognito } from './cognito.js';
import { entraAnyDirectory, entraDirectory, entraVersion1 } from './entra.js';
import { firebase } from './firebase.js';
import { keycloak } from './keycloak.js';
import { okta } from './okta.js';
import type { ProviderShape } from './provider-shape.js';
import { supabaseKeys, supabaseSecret } from './supabase.js';
import { zitadel } from './zitadel.js';

/** By the heading in the guide. */
export const SHAPES: Readonly<Record<string, () => Promise<ProviderShape>>> = {
  Keycloak: keycloak,
  'Entra ID: one directory': entraDirectory,
  'Entra ID: any directory': entraAnyDirectory,
  'Entra ID: tokens of version 1': entraVersion1,
  Auth0: auth0,
  'Amazon Cognito': cognito,
  'Supabase: signing keys': supabaseKeys,
  'Supabase: the legacy secret': supabaseSecret,
  Firebase: firebase,
  Okta: okta,
  Zitadel: zitadel,
  authentik,
};
