package team

yes := true
