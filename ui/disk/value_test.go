package disk

import "testing"

func TestTheFileThatCopyIntoRemembersIsNamed(t *testing.T) {
	got := Opened{}.shortValue("txn.appId", "copy-into:/Volumes/landing_dev/postgres_datavision/account_premium_features/account_premium_features_2025-03-03.csv")
	if want := "copy-into:…/account_premium_features_2025-03-03.csv"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
