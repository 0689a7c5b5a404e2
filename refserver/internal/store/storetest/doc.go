// Package storetest is what every database must do for the reference server: one
// suite that runs on each of them, and the databases that tests run on.
//
//	for _, database := range storetest.Databases(t) {
//		t.Run(database.Name, func(t *testing.T) { storetest.Test(t, database) })
//	}
package storetest
