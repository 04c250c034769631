META
key;value
description;A made-up vote of a small town
country;United Kingdom
num_projects;3
num_votes;10
budget;1000
vote_type;approval
currency;GBP
PROJECTS
project_id;cost;name
bridge;600;A footbridge
quay;400;Benches on the quay
swings;350;Swings up the hill
VOTES
voter_id;vote
1;bridge,quay
2;bridge,quay
3;bridge,quay
4;bridge,quay
5;bridge,quay
6;bridge,quay
7;swings
8;swings
9;swings
10;swings
