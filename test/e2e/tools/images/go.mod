module kubectl-netdoctor/test/e2e/tools/images

go 1.25.0
