#!/bin/sh
# The namespace, and the search attributes by which an operator finds a session in the Temporal UI.
# Safe to run again. The list is that of workflows/corridor/src/contract.ts; a test compares the two.
set -eu

namespace=${TEMPORAL_NAMESPACE:-default}
until temporal operator cluster health >/dev/null 2>&1; do sleep 2; done
temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$namespace" --retention 90d

# A new namespace is known to every part of the server only after some seconds.
until known=$(temporal operator search-attribute list --namespace "$namespace" 2>/dev/null); do sleep 2; done
for attribute in \
  sessionId=Keyword \
  partnerId=Keyword \
  cpoId=Keyword \
  evseId=Keyword \
  moneyState=Keyword \
  needsAttention=Keyword \
  slaDeadline=Datetime; do
  name=${attribute%=*}
  case "$known" in
    *" $name "*) ;;
    *)
      temporal operator search-attribute create --namespace "$namespace" \
        --name "$name" --type "${attribute#*=}"
      ;;
  esac
done
