#!/usr/bin/env bash
#
# Creates the Microsoft Entra application with which SIGNL4 (or the relay) reads and updates Microsoft Sentinel incidents,
# and its client secret. Safe to run again: what is there stays as it is. Needs the Azure CLI (az) and a login.
#
set -euo pipefail
set +x # A traced run would show the secret.

readonly SECRET_LABEL='SIGNL4 Sentinel Connector'
readonly KEY_VAULT_SECRET='signl4-sentinel-client-secret'
readonly GRAPH_APP_ID='00000003-0000-0000-c000-000000000000'
# Microsoft Graph application permissions, name and id.
readonly GRAPH_PERMISSIONS='{{graphPermissionLines}}'
readonly DAYS_BEFORE_RENEWAL=30

app_name={{appName}}
months=12
key_vault=''
show_secret=false
no_secret=false
renew=false
graph=false
deploy=false
workspace={{workspaceName}}
resource_group={{resourceGroup}}
subscription={{subscriptionId}}

usage() {
  cat <<'EOF'
Usage: ./entra-app.sh [options]

Where the secret goes (one of them, or --no-secret):
  --key-vault NAME      store it in this key vault as "signl4-sentinel-client-secret"
  --show-secret         print it once, on standard output
  --no-secret           create none (federated credential, certificate)

Options:
  --name NAME           display name of the application
  --months N            lifetime of the secret, 12 to 24 (default 12)
  --renew               create a new secret although the present one is still valid
  --graph               add and grant the Microsoft Graph permissions
  --deploy              assign the Azure roles with azuredeploy.json beside this script
  --workspace NAME      Log Analytics workspace of Microsoft Sentinel (for --deploy)
  --resource-group RG   its resource group (for --deploy)
  --subscription ID     its subscription; becomes the current one of the CLI
  --help                this text
EOF
}

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "entra-app.sh: $*"
  exit 2
}

read_options() {
  while (($# > 0)); do
    case "$1" in
      --key-vault | --name | --months | --workspace | --resource-group | --subscription)
        (($# > 1)) || fail "$1 needs a value."
        set_option "$1" "$2"
        shift 2
        ;;
      --show-secret | --no-secret | --renew | --graph | --deploy)
        set_switch "$1"
        shift
        ;;
      --help)
        usage
        exit 0
        ;;
      *)
        usage >&2
        fail "unknown option \"$1\"."
        ;;
    esac
  done
}

set_switch() {
  case "$1" in
    --show-secret) show_secret=true ;;
    --no-secret) no_secret=true ;;
    --renew) renew=true ;;
    --graph) graph=true ;;
    --deploy) deploy=true ;;
  esac
}

set_option() {
  case "$1" in
    --key-vault) key_vault=$2 ;;
    --name) app_name=$2 ;;
    --months) months=$2 ;;
    --workspace) workspace=$2 ;;
    --resource-group) resource_group=$2 ;;
    --subscription) subscription=$2 ;;
  esac
}

check_options() {
  if [[ ! $months =~ ^(1[2-9]|2[0-4])$ ]]; then
    fail '--months takes a number from 12 to 24.'
  fi
  if [[ $app_name == *\'* || -z $app_name ]]; then
    fail '--name takes a name without quotation marks.'
  fi
  if [[ $no_secret == false && $show_secret == false && -z $key_vault ]]; then
    fail 'say where the secret goes: --key-vault NAME, --show-secret, or --no-secret.'
  fi
  if [[ $deploy == true && (-z $workspace || -z $resource_group) ]]; then
    fail '--deploy needs --workspace and --resource-group.'
  fi
  command -v az >/dev/null || fail 'the Azure CLI (az) is not installed: https://aka.ms/azure-cli'
  az account show --output none 2>/dev/null || fail 'nobody is logged in: run "az login" first.'
  if [[ -n $subscription ]]; then
    az account set --subscription "$subscription"
  fi
}

# GNU and BSD date differ.
date_after() {
  local amount=$1 unit=$2
  if date -u -d "+$amount $unit" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null; then
    return
  fi
  local letter=m
  [[ $unit == days ]] && letter=d
  date -u -v "+$amount$letter" +%Y-%m-%dT%H:%M:%SZ
}

# Sets app_id and object_id (of the service principal).
ensure_application() {
  local found
  found=$(az ad app list --display-name "$app_name" --query "[?displayName=='$app_name'].appId" --output tsv)
  if [[ $(wc -w <<<"$found") -gt 1 ]]; then
    fail "there are several applications called \"$app_name\"; choose another --name."
  fi
  app_id=$found
  if [[ -z $app_id ]]; then
    say "Creating the application \"$app_name\" ..."
    app_id=$(az ad app create --display-name "$app_name" --sign-in-audience AzureADMyOrg --query appId --output tsv)
  else
    say "The application \"$app_name\" is there."
  fi
  if ! object_id=$(az ad sp show --id "$app_id" --query id --output tsv 2>/dev/null); then
    say 'Creating its service principal ...'
    object_id=$(az ad sp create --id "$app_id" --query id --output tsv)
  fi
}

has_valid_secret() {
  local limit end ends
  limit=$(date_after "$DAYS_BEFORE_RENEWAL" days)
  # "No answer" is not "no secret": one more would be made at each run.
  ends=$(az ad app credential list --id "$app_id" \
    --query "[?displayName=='$SECRET_LABEL'].endDateTime" --output tsv) || fail 'the secrets of the application cannot be listed.'
  while read -r end; do
    # Both are UTC in ISO 8601, so the order of texts is the order of times.
    if [[ $end > $limit ]]; then
      return 0
    fi
  done <<<"$ends"
  return 1
}

# Sets secret; empty where none was made.
ensure_secret() {
  secret=''
  if [[ $no_secret == true ]]; then
    return
  fi
  if [[ $renew == false ]] && has_valid_secret; then
    say "A client secret that is valid for more than $DAYS_BEFORE_RENEWAL days is there; --renew makes a new one."
    return
  fi
  local end
  end=$(date_after "$months" months)
  say "Creating a client secret that ends on ${end%T*} ..."
  # --append keeps the present secret, so that nothing fails until SIGNL4 has the new one.
  secret=$(az ad app credential reset --id "$app_id" --append --display-name "$SECRET_LABEL" \
    --end-date "$end" --query password --output tsv --only-show-errors)
  if [[ $show_secret == true ]]; then
    show_secret_once
  fi
  if [[ -n $key_vault ]]; then
    store_secret "$end"
  fi
}

# At once: what fails later must not cost it.
show_secret_once() {
  printf 'Client secret:    %s\n' "$secret"
}

# A secret that the vault does not take is taken back; where that fails too, somebody has to have it.
store_secret() {
  if printf '%s' "$secret" | az keyvault secret set --vault-name "$key_vault" --name "$KEY_VAULT_SECRET" \
    --file /dev/stdin --encoding utf-8 --expires "$1" --output none; then
    say "The secret is in the key vault \"$key_vault\" as \"$KEY_VAULT_SECRET\"."
    return
  fi
  if ! delete_newest_secret && [[ $show_secret == false ]]; then
    show_secret_once
  fi
  fail "the key vault \"$key_vault\" does not take the secret; you need the role Key Vault Secrets Officer on it."
}

delete_newest_secret() {
  local key
  key=$(az ad app credential list --id "$app_id" \
    --query "sort_by([?displayName=='$SECRET_LABEL'], &startDateTime)[-1].keyId" --output tsv) || return 1
  [[ -n $key ]] && az ad app credential delete --id "$app_id" --key-id "$key" --only-show-errors
}

grant_graph_permissions() {
  local graph_url graph_id asked granted name role
  graph_url=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)
  graph_url=${graph_url%/}
  graph_id=$(az ad sp show --id "$GRAPH_APP_ID" --query id --output tsv)
  asked=$(az ad app permission list --id "$app_id" \
    --query "[?resourceAppId=='$GRAPH_APP_ID'].resourceAccess[].id" --output tsv)
  granted=$(az rest --method get --url "$graph_url/v1.0/servicePrincipals/$object_id/appRoleAssignments" \
    --query 'value[].appRoleId' --output tsv)
  while read -r name role; do
    if grep -qiF "$role" <<<"$granted"; then
      say "$name is granted."
      continue
    fi
    say "Granting $name ..."
    if ! grep -qiF "$role" <<<"$asked"; then
      az ad app permission add --id "$app_id" --api "$GRAPH_APP_ID" --api-permissions "$role=Role" --only-show-errors
    fi
    az rest --method post --url "$graph_url/v1.0/servicePrincipals/$object_id/appRoleAssignments" \
      --body "{\"principalId\":\"$object_id\",\"resourceId\":\"$graph_id\",\"appRoleId\":\"$role\"}" --output none
  done <<<"$GRAPH_PERMISSIONS"
}

assign_roles() {
  say "Assigning the Azure roles on the workspace \"$workspace\" ..."
  az deployment group create --name signl4-setup --resource-group "$resource_group" \
    --template-file "$(dirname "${BASH_SOURCE[0]}")/azuredeploy.json" \
    --parameters "WorkspaceName=$workspace" "AppObjectId=$object_id" 'Playbooks=[]' --output none
}

main() {
  read_options "$@"
  check_options
  ensure_application
  ensure_secret
  if [[ $graph == true ]]; then
    grant_graph_permissions
  fi
  if [[ $deploy == true ]]; then
    assign_roles
  fi
  printf 'Tenant ID:        %s\n' "$(az account show --query tenantId --output tsv)"
  printf 'Subscription ID:  %s\n' "$(az account show --query id --output tsv)"
  printf 'Client ID:        %s\n' "$app_id"
  printf 'Object ID:        %s (of the service principal)\n' "$object_id"
}

main "$@"
